//! The shell that people meet: routes, cookies, guards and pages over the acts
//! of `flow`. Handlers extract, call one act, and render one page; they decide
//! nothing. Logs carry route patterns, never paths, addresses or answers.

mod access;
mod accounts;
mod ahead;
mod api;
mod asking;
mod assets;
mod check;
mod close_wave;
mod closing_record;
mod comment_publication;
mod comment_reading;
mod comments;
mod contact;
mod correct_address;
mod deputy;
mod error;
mod flags;
mod frame;
mod given_key;
mod guard;
mod health;
mod help;
mod house_pages;
mod kept;
mod letters;
mod look_as;
mod look_first;
mod lost_link;
mod network;
mod new_wave;
mod office;
mod office_ideas;
mod open_wave;
mod outbox;
mod own_account;
mod preview;
mod provider;
mod public;
mod qr;
mod reader;
mod receipts;
mod register;
mod release;
mod remind;
mod respondent;
mod results;
mod round_time;
mod routes;
mod schedule;
mod second;
mod section;
mod see_to_mails;
mod sent;
mod session;
mod sign_in;
mod stocktake;
mod stop;
mod summary;
mod surveys;
mod trail;
mod walk;
mod wave_acts;

pub use access::{DOORS, Door, Who};

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};

use crate::flow::House;
use crate::keyring::{AT_HAND, Keyring};

/// A page of answers never needs more; the rest is refused.
const MOST_FORM_BYTES: usize = 128 * 1024;

/// A server that is bound and not yet running.
pub struct Bound {
    /// Where it listens.
    pub address: SocketAddr,
    listener: TcpListener,
}

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot listen on {address}: {why}; another program may be using it, so choose another port with SOUNDINGS_BIND, or for a demonstration with --port"
)]
pub struct CannotListen {
    address: SocketAddr,
    why: std::io::Error,
}

impl Bound {
    /// Takes the address, so that a busy port is found before anything else starts.
    ///
    /// # Errors
    /// If another program has it.
    pub fn to(address: SocketAddr) -> Result<Self, CannotListen> {
        let bound = TcpListener::bind(address)
            .and_then(|listener| Ok((listener.local_addr()?, listener)))
            .map_err(|why| CannotListen { address, why })?;
        Ok(Self { address: bound.0, listener: bound.1 })
    }

    /// The server over a house.
    ///
    /// # Errors
    /// If the system refuses the socket.
    pub fn serve(self, house: House) -> std::io::Result<Server> {
        let workers = std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 4);
        let shared = (web::Data::new(house.clone()), web::Data::new(ahead::Ahead::default()));
        let wishes = web::Data::new(asking::Wishes::new(&house.chance));
        let provider = web::Data::new(provider::Door::new(&house));
        let kept = web::Data::new(kept::Kept::default());
        let closings = web::Data::new(close_wave::Closings::default());
        actix_web::rt::spawn(let_keys_go(house.keyring.clone()));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.0.clone())
                .app_data(shared.1.clone())
                .app_data(wishes.clone())
                .app_data(provider.clone())
                .app_data(kept.clone())
                .app_data(closings.clone())
                .app_data(
                    web::PathConfig::default()
                        .error_handler(|_, _| error::WebError::NotFound.into()),
                )
                .wrap(from_fn(access::guard))
                .wrap(from_fn(guard::refuse_strangers))
                .wrap(from_fn(error::show_failures))
                .wrap(from_fn(guard::head_as_get))
                .wrap(guard::headers(&house))
                .wrap(Compress::default())
                .wrap(from_fn(guard::log))
                .configure(routes::configure)
        })
        .workers(workers)
        .listen(self.listener)?
        // A compressed page goes out in pieces; without this each waits for the other side.
        .tcp_nodelay(true)
        .shutdown_timeout(5)
        .run();
        Ok(server)
    }
}

/// Secrets that nobody uses any more leave the memory.
async fn let_keys_go(keys: Keyring) {
    let mut turns = actix_web::rt::time::interval(AT_HAND);
    loop {
        turns.tick().await;
        keys.let_go();
    }
}
