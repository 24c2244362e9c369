//! What a page of published results costs, beside a page that costs nothing.
//!
//! ```sh
//! cargo bench --bench results                  # a table
//! cargo bench --bench results -- --json        # the same for a program
//! ```
//!
//! It makes the demonstration in a folder of its own and asks for the region's
//! overview and one PCT's page as the SHA, over 16 connections that stay open:
//! with the page as an answer, in its compressed form, and as a browser that has
//! it. The other side is a bare actix server that hands out the very same bytes
//! from memory. Both are processes of their own with the same number of workers,
//! take turns (A B B A after a warm-up, the better of two each), and share the
//! cores with the load; every answer is compared with the first one. Nothing
//! else should run meanwhile: `others` says what did. No limit is enforced here:
//! speed is not a test.
//!
//! `--seconds N` takes another length of a round (4), `--connections N` another
//! number of them (16).

#[path = "../section_page/http.rs"]
mod http;
#[path = "../section_page/lead.rs"]
#[expect(dead_code, reason = "the load knows leads; nobody answers here")]
mod lead;
#[path = "../section_page/load.rs"]
#[expect(dead_code, reason = "the load can also look for answers; here are none")]
mod load;
#[path = "../section_page/server.rs"]
#[expect(dead_code, reason = "the wave of the other benchmark is not needed here")]
mod server;

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use http::{Answer, ask, request};
use load::{Aim, Round};
use serde_json::json;
use server::{Process, Static};

/// Anything that stops the benchmark, in a sentence.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const PAGES: [&str; 2] = ["/results/2007-Q3", "/results/2007-Q3/pct/luton"];

struct Options {
    json: bool,
    round: Duration,
    connections: usize,
}

impl Options {
    fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self { json: false, round: Duration::from_secs(4), connections: 16 };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--json" => options.json = true,
                "--seconds" => options.round = Duration::from_secs_f64(value()?.parse()?),
                "--connections" => options.connections = value()?.parse()?,
                // Said by cargo.
                "--bench" => {}
                _ => return Err(format!("{word} is not an option of this benchmark").into()),
            }
        }
        if options.connections == 0 || options.round.is_zero() {
            return Err("nothing to measure".into());
        }
        Ok(options)
    }
}

/// The demonstration, and the session of the SHA in it.
struct Demonstration {
    process: Process,
    folder: tempfile::TempDir,
    address: SocketAddr,
    cookie: String,
}

impl Demonstration {
    fn start() -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command
            .args(["demo", "--port", &address.port().to_string(), "--data"])
            .arg(folder.path().join("demo"))
            .current_dir(folder.path())
            .env_clear()
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let told = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut process = Process::of(child);
        let mut lines = told.lines();
        let mut link = None;
        // It tells everything before it serves.
        for line in lines.by_ref() {
            let line = line?;
            if line.contains("SHA") && link.is_none() {
                link = line
                    .split_whitespace()
                    .find_map(|word| Some(format!("/sign-in/{}", word.split_once("/sign-in/")?.1)));
            }
            if link.is_some() {
                break;
            }
        }
        // What is told afterwards must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let link = link.ok_or("the demonstration does not say where the SHA begins")?;
        process.wait(address)?;
        let answer = ask(address, &request("POST", &link, address, "", ""))?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or("the SHA could not sign in")?.to_owned();
        Ok(Self { process, folder, address, cookie })
    }

    fn asked(&self, path: &str, more: &str) -> String {
        request("GET", path, self.address, &format!("Cookie: {}\r\n{more}", self.cookie), "")
    }

    fn page(&self, path: &str, more: &str) -> Outcome<Answer> {
        let answer = ask(self.address, &self.asked(path, more))?;
        if answer.status != 200 {
            Err(format!("{path}: {}", answer.status).into())
        } else {
            Ok(answer)
        }
    }
}

/// One page in one form, both sides.
struct Measured {
    page: &'static str,
    form: &'static str,
    bytes: usize,
    standing: Round,
    served: Round,
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.served.per_second / self.standing.per_second
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let done = match words.next().as_deref() {
        Some(server::STATIC) => server::serve_static(words),
        first => Options::parse(first.map(str::to_owned).into_iter().chain(words)).and_then(run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("results: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Outcome<()> {
    let demonstration = Demonstration::start()?;
    let mut measured = Vec::new();
    for page in PAGES {
        for (form, header) in
            [("plain", ""), ("compressed", "Accept-Encoding: gzip, deflate, br\r\n")]
        {
            let answer = demonstration.page(page, header)?;
            measured.push(measure(&demonstration, &options, (page, form, header), &answer)?);
        }
    }
    if options.json {
        println!(
            "{}",
            json!({ "connections": options.connections, "pages": measured.iter().map(told).collect::<Vec<_>>() })
        );
        return Ok(());
    }
    println!(
        "{:<34}{:<12}{:>8}{:>12}{:>12}{:>8}{:>8}",
        "page", "form", "bytes", "static/s", "served/s", "ratio", "others"
    );
    for one in &measured {
        println!(
            "{:<34}{:<12}{:>8}{:>12.0}{:>12.0}{:>8.2}{:>8}",
            one.page,
            one.form,
            one.bytes,
            one.standing.per_second,
            one.served.per_second,
            one.ratio(),
            one.served.others.map_or("–".to_owned(), |cores| format!("{cores:.2}")),
        );
    }
    println!("(aim 0.60)");
    Ok(())
}

fn told(one: &Measured) -> serde_json::Value {
    let side = |round: &Round| {
        json!({
            "requests_per_second": round.per_second.round(),
            "p50_us": round.p50.as_micros(), "p99_us": round.p99.as_micros(),
            "server_cpu_us_per_request": round.cpu.map(|cpu| cpu.as_micros()),
            "cores_busy_with_others": round.others,
        })
    };
    json!({
        "page": one.page, "form": one.form, "bytes": one.bytes, "ratio": one.ratio(),
        "served": side(&one.served), "static": side(&one.standing),
    })
}

fn measure(
    demonstration: &Demonstration,
    options: &Options,
    (page, form, header): (&'static str, &'static str, &str),
    answer: &Answer,
) -> Outcome<Measured> {
    let standing = Static::start(demonstration.folder.path().to_owned(), &answer.body)?;
    let still = vec![Aim::at(standing.address, "/", &answer.body); options.connections];
    let asked = demonstration.asked(page, header);
    let aims = vec![Aim::of(demonstration.address, asked, &answer.body); options.connections];
    let (a, b) = (standing.process(), &demonstration.process);
    Round::run(a, &still, options.round / 4)?;
    Round::run(b, &aims, options.round / 4)?;
    let first = Round::run(a, &still, options.round)?;
    let served = Round::run(b, &aims, options.round)?;
    let served = served.better(Round::run(b, &aims, options.round)?);
    let standing = first.better(Round::run(a, &still, options.round)?);
    Ok(Measured { page, form, bytes: answer.wire, standing, served })
}
