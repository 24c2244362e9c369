//! The two sides, each a process of its own, so that the system counts what
//! each of them costs.

use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{available_parallelism, sleep};
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use tempfile::TempDir;

use crate::Outcome;

/// The word that makes this program the static side.
pub const STATIC: &str = "--serve-static";

const WAVE: &str = "BENCH";

/// A process that ends with this value.
pub struct Process(Child);

impl Process {
    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// A process that was started.
    pub fn of(child: Child) -> Self {
        Self(child)
    }

    fn start(command: &mut Command, address: SocketAddr) -> Outcome<Self> {
        let mut process = Self::of(command.stdin(Stdio::null()).spawn()?);
        let ended = |why| format!("{command:?}: {why}");
        process.wait(address).map_err(|why| ended(why).into()).map(|()| process)
    }

    /// Waits until it listens.
    pub fn wait(&mut self, address: SocketAddr) -> Outcome<()> {
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > Duration::from_secs(120) || self.0.try_wait()?.is_some() {
                return Err(format!("nobody listens on {address}").into());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// The service, with a test wave that is open.
pub struct Soundings {
    process: Process,
    folder: TempDir,
    pub address: SocketAddr,
    /// The personal links, as paths.
    pub links: Vec<String>,
}

impl Soundings {
    /// Makes a wave of the East of England in a new folder and serves it.
    pub fn start() -> Outcome<Self> {
        let (folder, address) = (tempfile::tempdir()?, free_address()?);
        let region =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("survey_definitions/east-of-england");
        let survey = region.join("survey.toml").display().to_string();
        let register = region.join("register").display().to_string();
        let program = |words: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
            command
                .args(words)
                .current_dir(folder.path())
                .env_clear()
                .env("SOUNDINGS_BIND", address.to_string());
            command
        };
        for words in [
            &["register", "import", register.as_str()][..],
            &[
                "wave",
                "create",
                "--test",
                "--survey",
                survey.as_str(),
                "--code",
                WAVE,
                "--opens",
                "2007-11-26T09:00",
                "--closes",
                "2107-12-14T17:00",
            ],
            &["wave", "open", WAVE],
            &["wave", "links", WAVE, "--out", "links.txt"],
        ] {
            let done = program(words).output()?;
            if !done.status.success() {
                return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
            }
        }
        let links = std::fs::read_to_string(folder.path().join("links.txt"))?;
        let links =
            links.lines().filter_map(|line| Some(format!("/s/{}", line.split_once("/s/")?.1)));
        let links = links.collect();
        let log = File::create(folder.path().join("log"))?;
        let mut serve = program(&["serve", "--no-worker"]);
        let process = Process::start(serve.stdout(log.try_clone()?).stderr(log), address)?;
        Ok(Self { process, folder, address, links })
    }

    /// The folder of this run; removed with this value.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub fn process(&self) -> &Process {
        &self.process
    }
}

/// The bare page.
pub struct Static {
    process: Process,
    pub address: SocketAddr,
}

impl Static {
    /// Serves these bytes.
    pub fn start(folder: PathBuf, page: &[u8]) -> Outcome<Self> {
        let address = free_address()?;
        let file = folder.join("page.html");
        std::fs::write(&file, page)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(STATIC).arg(address.to_string()).arg(file);
        Ok(Self { process: Process::start(&mut command, address)?, address })
    }

    pub fn process(&self) -> &Process {
        &self.process
    }
}

/// The static side's own life: one page from memory, for ever.
pub fn serve_static(mut words: impl Iterator<Item = String>) -> Outcome<()> {
    let mut next = || words.next().ok_or("an address and a file");
    let (address, file) = (next()?, next()?);
    let page = web::Bytes::from(std::fs::read(file)?);
    let workers = available_parallelism()?.get().clamp(1, 4);
    actix_web::rt::System::new().block_on(async move {
        HttpServer::new(move || {
            let page = page.clone();
            App::new().route(
                "/",
                web::get().to(move || {
                    let page = page.clone();
                    async { HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page) }
                }),
            )
        })
        .workers(workers)
        .bind(address)?
        .run()
        .await
    })?;
    Ok(())
}
