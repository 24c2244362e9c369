//! What is in memory stays there: keys, tokens and answers pass through it.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::place::Place;
use crate::serving::Service;
use crate::smtp::free_port;

/// The user `nobody`.
const NOBODY: u32 = 65534;

#[test]
fn a_running_service_writes_no_core_dump() {
    let mut place = Place::new();
    let service = Service::start(&mut place);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", service.id()));
    let limits = limits.expect("the limits of a process");
    let core = limits.lines().find(|line| line.starts_with("Max core file size"));
    let core: Vec<&str> = core.expect("a limit of cores").split_whitespace().collect();
    assert_eq!(&core[4..6], ["0", "0"], "{limits}");
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn others_of_its_user_cannot_look_into_a_running_service() {
    // The kernel gives what is in /proc about a process to the superuser if it
    // must not be dumped, and to its own user if it may. As the superuser that
    // looks the same, so the service then runs as nobody.
    let place = tempfile::tempdir().expect("a folder");
    let path = |name: &str| place.path().join(name);
    std::fs::set_permissions(place.path(), PermissionsExt::from_mode(0o777)).expect("a mode");
    let program = path("soundings");
    std::fs::copy(env!("CARGO_BIN_EXE_soundings"), &program).expect("a copy");
    let superuser = place.path().metadata().expect("a folder").uid() == 0;
    let start = |program: &str, words: &[&str]| {
        let mut command = Command::new(program);
        command.args(words).env_clear().current_dir("/").stdin(Stdio::null());
        command.env("SOUNDINGS_DATA", path("data"));
        command.env("SOUNDINGS_BIND", format!("127.0.0.1:{}", free_port()));
        if superuser {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
    };
    let owner = |id: u32| Some(std::fs::metadata(format!("/proc/{id}/environ")).ok()?.uid());
    let mut other = start("/bin/sleep", &["60"]);
    let mut service = start(program.to_str().expect("a path"), &["serve"]);
    let begun = Instant::now();
    let database = path("data/soundings.db");
    while !database.exists() && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let (others, ours) = (owner(other.id()), owner(service.id()));
    let alive = service.try_wait().expect("its state").is_none();
    for process in [&mut other, &mut service] {
        process.kill().expect("killed");
        process.wait().expect("gone");
    }
    assert!(alive && database.exists(), "it did not start");
    assert!(others.is_some_and(|owner| owner != 0), "what anybody runs is their own: {others:?}");
    assert_eq!(ours, Some(0));
}
