//! Tests the interface to systemd, with the test in its place: sockets, readiness and the watchdog.

use std::{
    net::{TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixDatagram},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tower_hardening::deployment::Setting;

use crate::client::get;
use crate::pleroma::pleroma;
use crate::process::{Directory, Server, example, run};
use crate::tls::{Pem, pem};

/// The watchdog's limit, in microseconds; the example reports four times as often.
const LIMIT: &str = "4000000";
const PAUSE: Duration = Duration::from_secs(1);

/// The time limit on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Holds the socket to which the example reports its state.
struct Supervisor {
    directory: Directory,
    socket: UnixDatagram,
}

impl Supervisor {
    fn new() -> Self {
        let directory = Directory::new();
        let socket = UnixDatagram::bind(directory.path().join("notify")).unwrap();
        Self { directory, socket }
    }

    fn start(&self, command: &mut Command) -> Server {
        Server::start(command.env("NOTIFY_SOCKET", self.directory.path().join("notify")))
    }

    /// Returns the next message that comes within that time.
    fn hears(&self, patience: Duration) -> Option<String> {
        self.socket.set_read_timeout(Some(patience)).unwrap();
        let mut message = [0; 100];
        let length = self.socket.recv(&mut message).ok()?;
        Some(String::from_utf8(message[..length].to_vec()).unwrap())
    }
}

/// Returns the example with a socket as its file descriptor 3, and the variables that name it.
fn handed(socket: impl Into<OwnedFd>, arguments: &[&str]) -> Command {
    let pleroma = example("pleroma");
    let mut command = Command::new("sh");
    command
        .args(["-c", "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\""])
        .arg(pleroma.get_program())
        .args(arguments)
        .stdin(Stdio::from(socket.into()));
    command
}

#[tokio::test]
async fn a_socket_that_is_handed_over_is_served() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    // A client that connects before the start waits, and gets a response.
    let early = TcpStream::connect(address).unwrap();
    let server = Server::start(&mut handed(socket, &["--ephemeral", "--listen", "127.0.0.1:1"]));
    assert_eq!(server.address, address);
    assert_eq!(server.ask(get("/")).await.status(), 200);
    drop(early);
    assert_eq!(server.stop(Duration::from_secs(10)).status.code(), Some(0));
}

#[test]
fn a_socket_of_another_kind_is_refused() {
    let (socket, _other) = UnixDatagram::pair().unwrap();
    let finished = run(&mut handed(socket, &["--ephemeral"]));
    let refusal = "error: an inherited socket: fd 3 is not a valid tcp socket\n";
    assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("", refusal));
    assert_eq!(finished.status.code(), Some(2));
}

#[test]
fn sockets_for_another_process_are_left_alone() {
    let server =
        Server::start(pleroma().arg("--ephemeral").env("LISTEN_FDS", "1").env("LISTEN_PID", "1"));
    assert_eq!(server.stop(Duration::from_secs(10)).status.code(), Some(0));
}

#[tokio::test]
async fn systemd_is_notified_of_the_start_and_of_the_stop() {
    let supervisor = Supervisor::new();
    let server = supervisor.start(pleroma().arg("--ephemeral"));
    assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("READY=1\n"));
    assert_eq!(server.ask(get("/")).await.status(), 200);
    assert_eq!(supervisor.hears(PAUSE), None, "nobody asked for a watchdog");
    assert_eq!(server.stop(Duration::from_secs(10)).status.code(), Some(0));
    assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("STOPPING=1\n"));
    assert_eq!(supervisor.hears(PAUSE), None);
}

#[test]
fn the_watchdog_is_fed_over_http_and_https() {
    let pem = pem();
    let https = pem.as_ref().map(Pem::command);
    let mut http = pleroma();
    http.arg("--ephemeral");
    // Every address of the machine; the example asks the one of loopback.
    let mut everywhere = example("pleroma");
    everywhere.args(["--ephemeral", "--listen", "0.0.0.0:0"]);
    for mut command in [http, everywhere].into_iter().chain(https) {
        let supervisor = Supervisor::new();
        let server = supervisor.start(command.env("WATCHDOG_USEC", LIMIT));
        assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("READY=1\n"));
        for _ in 0..3 {
            assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("WATCHDOG=1\n"), "{command:?}");
        }
        drop(server);
    }
}

#[test]
fn the_watchdog_is_not_fed_while_requests_fail() {
    let supervisor = Supervisor::new();
    let data = Directory::new();
    let server =
        supervisor.start(pleroma().arg("--data").arg(data.path()).env("WATCHDOG_USEC", LIMIT));
    assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("READY=1\n"));
    assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("WATCHDOG=1\n"));

    // The timeline, which the example asks itself for, cannot be read.
    let database = rusqlite::Connection::open(data.path().join("pleroma.sqlite")).unwrap();
    database.execute_batch("ALTER TABLE status RENAME TO gone").unwrap();
    let start = Instant::now();
    while supervisor.hears(3 * PAUSE).is_some() {
        assert!(start.elapsed() < PATIENCE, "fed, though requests fail");
    }
    database.execute_batch("ALTER TABLE gone RENAME TO status").unwrap();
    assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("WATCHDOG=1\n"), "serves again");
    thread::sleep(PAUSE);
    assert_eq!(server.stop(Duration::from_secs(15)).status.code(), Some(0));
}

/// A crowd that says nothing does not keep the example from answering itself: FOUND K5.
#[test]
fn the_watchdog_is_fed_while_others_hold_silent_connections() {
    let supervisor = Supervisor::new();
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -n 64; exec \"$0\" --ephemeral --listen 127.0.0.1:0"])
        .arg(example("pleroma").get_program())
        .env("WATCHDOG_USEC", LIMIT)
        .stdin(Stdio::null());
    let server = supervisor.start(&mut command);
    assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("READY=1\n"));
    let connections: Vec<TcpStream> =
        (0..80).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    for _ in 0..4 {
        assert_eq!(supervisor.hears(PATIENCE).as_deref(), Some("WATCHDOG=1\n"));
    }
    drop(connections);
}

#[test]
fn an_address_that_is_ignored_for_a_socket_is_warned_of() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(&mut handed(socket, &["--ephemeral", "--listen", "127.0.0.1:1"]));
    let said = server.stop(Duration::from_secs(10)).stderr;
    let warning = "warning: --listen 127.0.0.1:1 is ignored: systemd passed sockets; ";
    assert!(said.contains(warning), "{said}");
}

#[test]
fn the_units_have_the_guide_s_six_settings() {
    let unit = include_str!("../../examples/pleroma/pleroma.service");
    let strict = include_str!("../../examples/pleroma/pleroma-strict.service");
    for setting in Setting::ALL {
        assert!(unit.lines().any(|line| line == setting.to_string()), "{setting}");
        let key = format!("{}=", setting.name());
        let values = |unit: &'static str| unit.lines().filter_map(|line| line.strip_prefix(&key));
        assert_eq!(values(unit).count(), 1, "{setting}");
        let stricter = match setting {
            Setting::ProtectSystem => "strict",
            Setting::CapabilityBoundingSet => "",
            _ => "true",
        };
        assert_eq!(values(strict).collect::<Vec<_>>(), [stricter], "{setting}");
    }
    for unit in [unit, strict] {
        for needed in ["Raspberry Pi", "sendmail", "\nType=notify\n", "\nUser=pleroma\n"] {
            assert!(unit.contains(needed), "{needed}");
        }
    }
    let (caveat, _) = strict.split_once("\nMemoryDenyWriteExecute=true").unwrap();
    assert!(caveat.contains("generate code at run time"), "the caveat is missing");
}
