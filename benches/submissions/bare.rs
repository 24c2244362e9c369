//! The other side: an actix server with a form of thirty questions that reads what is
//! sent, throws it away and says thank you. It has the form twice: as short as can be,
//! and with the pages of ours, each as large, and the same way from one to the next.

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

/// How large the pages of the long way are, in bytes: behind the link, the section, the
/// check and the receipt.
pub type Sizes = [usize; 4];

impl Bare {
    /// Starts it.
    pub fn start(sizes: Sizes) -> Outcome<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(SERVE).arg(address.to_string()).args(sizes.map(|size| size.to_string()));
        command.env_clear();
        Ok(Self { process: Process::listening(&mut command, address)?, address })
    }
}

/// A page of so many bytes, if it is shorter.
fn page(words: &str, bytes: usize) -> web::Bytes {
    let filling = bytes.saturating_sub(words.len());
    web::Bytes::from(format!("{words}{}", "<p>Nothing\n".repeat(filling / 11)))
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

/// Takes a form with so many fields and goes on.
async fn take(body: web::Bytes, fields: usize, to: &'static str) -> HttpResponse {
    match serde_urlencoded::from_bytes::<Vec<(String, String)>>(&body) {
        Ok(found) if found.len() == fields => {
            HttpResponse::SeeOther().insert_header((header::LOCATION, to)).finish()
        }
        _ => HttpResponse::BadRequest().finish(),
    }
}

async fn enter() -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, "/answer"))
        .insert_header((header::SET_COOKIE, "link=1; HttpOnly; SameSite=Strict; Path=/"))
        .finish()
}

/// The server's own life.
pub fn serve(mut words: impl Iterator<Item = String>) -> Outcome<()> {
    let address = words.next().ok_or("an address")?;
    let mut size = || -> Outcome<usize> { Ok(words.next().ok_or("a size")?.parse()?) };
    let short = [form(), "<p>Thank you".to_owned()].map(web::Bytes::from);
    let long = [
        page("<p>Thirty questions", size()?),
        page(&form(), size()?),
        page("<p>Check your answers", size()?),
        page("<p>Thank you", size()?),
    ];
    let workers = available_parallelism()?.get().clamp(1, 4);
    actix_web::rt::System::new().block_on(async move {
        HttpServer::new(move || {
            let show = |page: &web::Bytes| {
                let page = page.clone();
                web::get().to(move || {
                    let page = page.clone();
                    async move {
                        HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
                    }
                })
            };
            let [form, thanks] = &short;
            let [welcome, section, check, done] = &long;
            let answered = |to| web::post().to(move |body| take(body, QUESTIONS, to));
            App::new()
                .route("/", show(form))
                .route("/", answered("/thanks"))
                .route("/thanks", show(thanks))
                .route("/s", show(welcome))
                .route("/s", web::post().to(enter))
                .route("/answer", show(section))
                .route("/answer", answered("/check"))
                .route("/check", show(check))
                .route("/send", web::post().to(|body| take(body, 0, "/done")))
                .route("/done", show(done))
        })
        .workers(workers)
        .bind(address)?
        .run()
        .await
    })?;
    Ok(())
}
