//! Runs nginx as a child of the test, with the shipped files and the changes that their comments describe.

use std::{
    env, fs,
    io::{self, Write},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{self, Command},
    sync::{
        OnceLock,
        atomic::{AtomicU16, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::process::{Directory, Finished, Process, run};

/// The time for nginx to start, or to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ports below those that Linux assigns to connections.
const FIRST_PORT: u16 = 20_000;
const PORTS: u32 = 12_000;

/// Holds an nginx process. Dropping it also ends its workers.
pub(crate) struct Nginx {
    process: Option<Process>,
    pub(crate) directory: Directory,
}

impl Nginx {
    /// Starts nginx with `http { }` around this text, and waits until the address answers.
    pub(crate) fn start(directory: Directory, http: &str, address: SocketAddr) -> Self {
        let process = Process::spawn(command(&directory, http).args(["-g", "daemon off;"]));
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > PATIENCE {
                panic!("nginx does not listen on {address}: {:?}", process.finish(Duration::ZERO));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Self { process: Some(process), directory }
    }

    /// Returns the output of `nginx -t`.
    pub(crate) fn check(directory: &Directory, http: &str) -> Finished {
        run(command(directory, http).arg("-t"))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.terminate();
            process.finish(PATIENCE);
        }
    }
}

/// Returns `true` if the program exists. If not, prints one line, once; in CI, panics.
pub(crate) fn is_there(program: &'static str, said: &'static OnceLock<()>) -> bool {
    let found = env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .chain([Path::new("/usr/sbin").to_owned()])
        .any(|directory| directory.join(program).is_file());
    if !found {
        assert!(env::var("CI").as_deref() != Ok("true"), "there is no {program}");
        said.get_or_init(|| {
            // Unlike eprintln!, shown for a test that passes.
            let _ = writeln!(io::stderr(), "skipped: there is no {program}");
        });
    }
    found
}

pub(crate) fn nginx_is_there() -> bool {
    static SAID: OnceLock<()> = OnceLock::new();
    is_there("nginx", &SAID)
}

/// Returns an nginx with its own directory for all files.
fn command(directory: &Directory, http: &str) -> Command {
    let path = directory.path().display();
    // As root, the workers would run as a user without access to the directory.
    let user = if is_root(directory.path()) { "user root;" } else { "" };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {path}/{kind};\n"))
        .concat();
    let main = directory.file(
        "main.conf",
        &format!(
            "{user}\nworker_processes 1;\npid {path}/nginx.pid;\nevents {{ }}\n\
             http {{\naccess_log off;\n{temporary}{http}\n}}\n"
        ),
    );
    let mut nginx = Command::new("nginx");
    if !env::var_os("PATH").is_some_and(|path| path.to_string_lossy().contains("sbin")) {
        nginx = Command::new("/usr/sbin/nginx");
    }
    nginx.arg("-p").arg(directory.path()).arg("-c").arg(main).args(["-e", "stderr"]);
    nginx
}

fn is_root(own_directory: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(own_directory).unwrap().uid() == 0
}

/// Returns an address of loopback that nobody listens on, on IPv6 as well where there is IPv6. It
/// is not one of those that the system gives to connections: another test's could take it before
/// nginx does.
pub(crate) fn free_address() -> (SocketAddr, Option<SocketAddr>) {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = process::id().wrapping_mul(101);
    loop {
        let offset = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed).into());
        let port = FIRST_PORT + (offset % PORTS) as u16;
        if let Ok(four) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            let six = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok();
            return (four.local_addr().unwrap(), six.map(|six| six.local_addr().unwrap()));
        }
    }
}
