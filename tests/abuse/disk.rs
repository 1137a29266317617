//! A disk that is full, takes nothing or is read-only: 503 to Trello, one sentence to the operator,
//! and on it goes when there is room. Where a small disk can be mounted it is a real one; elsewhere
//! the system's bound on the length of files stands for it.

use crate::service::{Practice, Service, delivery, kept, said};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A disk of its own, taken away at the end.
struct Disk(PathBuf);

impl Disk {
    /// None where we may not mount.
    fn mount(at: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&at).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
            .arg(&at);
        let done = mount.output().is_ok_and(|output| output.status.success());
        if !done {
            println!("no disk can be mounted here: a bound on the length of files stands for it");
        }
        done.then(|| Self(at))
    }
    fn fill(&self) {
        let mut filler = File::create(self.0.join("filler")).unwrap();
        while filler.write_all(&[0; 4_096]).is_ok() {}
    }
    fn empty(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
    fn read_only(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "remount,ro"]).arg(&self.0);
        assert!(mount.status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn modes(store: &Path, file: u32, folder: u32) {
    use std::os::unix::fs::PermissionsExt;
    for (path, mode) in [(store, file), (store.parent().unwrap(), folder)] {
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode));
    }
}

/// No file of the service may grow beyond that; none: as it pleases.
fn bound(service: &Service, bytes: Option<u64>) {
    let pid = Pid::from_raw(i32::try_from(service.pid()).unwrap());
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(pid, Resource::Fsize, limit).unwrap();
}

/// A write beyond the bound is an error, and no signal.
const NO_SIGNAL: &str = "trap '' XFSZ;";

/// Delivers until it is refused, makes room, and delivers the rest.
async fn fills_and_goes_on(
    service: Service,
    practice: &Practice,
    store: &Path,
    fill: impl FnOnce(&Service),
    make_room: impl FnOnce(&Service),
    sentence: &str,
) {
    let at = service.ready();
    let card = practice.demo.cards["kefir"].clone();
    assert_eq!(service.deliver(&at, delivery(0, &card)).await, 200);
    fill(&service);
    let mut taken = 1;
    let refused = loop {
        match service.deliver(&at, delivery(taken, &card)).await {
            200 => taken += 1,
            other => break other,
        }
        assert!(taken < 2_000, "it never fills");
    };
    assert_eq!(refused, 503);
    let told = service.until(sentence);
    assert!(told.contains("by itself"), "{told}");
    assert_eq!(service.ask(&at, "/healthz").await, "ok");
    make_room(&service);
    let mut tries = 0;
    while service.deliver(&at, delivery(taken, &card)).await != 200 {
        tries += 1;
        assert!(tries < 50, "it does not go on:\n{}", service.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(service.stop());
    let kept = kept(store);
    assert_eq!(
        kept["deliveries"],
        taken + 1,
        "what was answered 200 is there"
    );
    assert_eq!(kept["whole"], "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_loses_nothing_and_is_gone_on_from() {
    let practice = Practice::open().await;
    let disk = Disk::mount(practice.path("disk"));
    let store = practice.path("disk/s.db");
    let service = practice.serve(&store, NO_SIGNAL);
    match disk {
        Some(disk) => {
            let full = "the disk is full: make room";
            let (fill, room) = (|_: &Service| disk.fill(), |_: &Service| disk.empty());
            fills_and_goes_on(service, &practice, &store, fill, room, full).await;
        }
        None => takes_nothing(service, &practice, &store).await,
    }
}

async fn takes_nothing(service: Service, practice: &Practice, store: &Path) {
    let none = |service: &Service| bound(service, Some(0));
    let again = |service: &Service| bound(service, None);
    let sentence = "the disk does not take what is written";
    fills_and_goes_on(service, practice, store, none, again, sentence).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing_while_it_runs_is_told_and_gone_on_from() {
    let practice = Practice::open().await;
    let store = practice.path("s.db");
    let service = practice.serve(&store, NO_SIGNAL);
    takes_nothing(service, &practice, &store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_disk_is_told_at_the_start() {
    let practice = Practice::open().await;
    let disk = Disk::mount(practice.path("disk"));
    let store = practice.path("disk/s.db");
    assert!(practice.run(&store, &["check", "/nowhere"]).status.code() == Some(1));
    signalman::store::Sqlite::open(&store).unwrap();
    let (mut service, wanted) = match &disk {
        Some(disk) => {
            disk.read_only();
            (practice.serve(&store, ""), "let")
        }
        None if !rustix::process::geteuid().is_root() => {
            modes(&store, 0o444, 0o555);
            (practice.serve(&store, ""), "let")
        }
        // Root writes whatever the modes are.
        None => {
            let bounded = practice.serve(&store, &format!("{NO_SIGNAL} ulimit -f 0;"));
            (bounded, "does not take what is written")
        }
    };
    assert!(!service.ended());
    let told = service.said();
    modes(&store, 0o600, 0o755);
    assert!(told.contains("s.db") && told.contains(wanted), "{told}");
    if disk.is_some() {
        for args in [&["dead"][..], &["retry"]] {
            let told = said(&practice.run(&store, args));
            assert!(told.contains("s.db") && told.contains("ead-only"), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_backup_is_left_half_written_where_there_is_no_room() {
    let practice = Practice::open().await;
    let store = practice.path("s.db");
    signalman::store::Sqlite::open(&store).unwrap();
    let Some(disk) = Disk::mount(practice.path("disk")) else {
        return bounded_backup(&practice, &store);
    };
    disk.fill();
    let to = disk.0.join("copy.db");
    let output = practice.run(&store, &["backup", &to.display().to_string()]);
    assert!(!output.status.success());
    assert!(
        said(&output).contains("nothing was copied"),
        "{}",
        said(&output)
    );
    assert!(!to.exists());
}

fn bounded_backup(practice: &Practice, store: &Path) {
    let to = practice.path("copy.db");
    let mut shell = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_signalman");
    shell
        .args([
            "-c",
            &format!("{NO_SIGNAL} ulimit -f 8; exec \"$0\" \"$@\""),
        ])
        .arg(program)
        .args(["backup", &to.display().to_string()])
        .env("STORE", store);
    let output = shell.output().unwrap();
    assert!(!output.status.success());
    assert!(!to.exists());
}
