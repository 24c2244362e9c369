//! The other side: the shortest actix server with a form of thirty questions. It
//! reads what is sent, throws it away and says thank you.

use std::net::SocketAddr;
use std::process::Command;
use std::thread::available_parallelism;

use actix_web::http::header;
use actix_web::{App, HttpResponse, HttpServer, web};

use crate::Outcome;
use crate::place::QUESTIONS;
use crate::process::{Process, free_address};

/// The word that makes this program the bare form.
pub const SERVE: &str = "--serve-bare-form";

/// The bare form, served by a process of its own.
pub struct Bare {
    pub process: Process,
    pub address: SocketAddr,
}

impl Bare {
    /// Starts it.
    pub fn start() -> Outcome<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(SERVE).arg(address.to_string()).env_clear();
        Ok(Self { process: Process::listening(&mut command, address)?, address })
    }
}

fn form() -> String {
    let question = |question: usize| {
        let options = (1..=5).map(|value| {
            format!(
                "<label><input type=\"radio\" name=\"Q{question}\" value=\"{value}\"> Answer {value}</label>\n"
            )
        });
        format!(
            "<fieldset>\n<legend>Statement {question}</legend>\n{}</fieldset>\n",
            options.collect::<String>()
        )
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<title>Thirty questions</title>\n\
         <form method=\"post\" action=\"/\">\n{}<button>Send</button>\n</form>\n",
        (1..=QUESTIONS).map(question).collect::<String>()
    )
}

async fn take(body: web::Bytes) -> HttpResponse {
    match serde_urlencoded::from_bytes::<Vec<(String, String)>>(&body) {
        Ok(fields) if fields.len() == QUESTIONS => {
            HttpResponse::SeeOther().insert_header((header::LOCATION, "/thanks")).finish()
        }
        _ => HttpResponse::BadRequest().finish(),
    }
}

/// The server's own life.
pub fn serve(mut words: impl Iterator<Item = String>) -> Outcome<()> {
    let address = words.next().ok_or("an address")?;
    let page = web::Bytes::from(form());
    let html = "text/html; charset=utf-8";
    let workers = available_parallelism()?.get().clamp(1, 4);
    actix_web::rt::System::new().block_on(async move {
        HttpServer::new(move || {
            let page = page.clone();
            let show = move || {
                let page = page.clone();
                async move { HttpResponse::Ok().content_type(html).body(page) }
            };
            let thanks =
                move || async move { HttpResponse::Ok().content_type(html).body("<p>Thank you") };
            App::new()
                .route("/", web::get().to(show))
                .route("/", web::post().to(take))
                .route("/thanks", web::get().to(thanks))
        })
        .workers(workers)
        .bind(address)?
        .run()
        .await
    })?;
    Ok(())
}
