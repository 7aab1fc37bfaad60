//! Runs an example as a process: finds or builds it, starts it, and stops it.

#[path = "directory.rs"]
mod directory;

use std::{
    env,
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader, Read},
    iter,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        LazyLock,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

pub(crate) use directory::Directory;

/// The time for a process to print its address, or to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// The directory of the built examples.
static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let examples = profile.join("examples");
    // `cargo test --test examples` leaves the examples as they were.
    let names = [
        "csrf",
        "hyper",
        "layers",
        "minimal",
        "nonce",
        "pleroma",
        "proxy",
        "reverse_proxy",
        "session",
        "tenants",
    ];
    if !names.iter().all(|name| is_fresh(&examples, name)) {
        build(profile);
    }
    examples
});

/// Returns `true` if the example is newer than every source in cargo's dependency file.
fn is_fresh(examples: &Path, name: &str) -> bool {
    let modified = |file: &Path| fs::metadata(file).and_then(|file| file.modified()).ok();
    let built = modified(&file(examples, name));
    let sources = fs::read_to_string(examples.join(name).with_extension("d")).unwrap_or_default();
    let mut sources = sources.split_whitespace().skip(1).map(|source| modified(source.as_ref()));
    built.is_some() && sources.all(|source| source.is_some() && source <= built)
}

fn build(profile: &Path) {
    let name = match profile.file_name().and_then(OsStr::to_str) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--quiet", "--examples", "--all-features", "--profile", name])
        .arg("--target-dir")
        .arg(profile.parent().unwrap())
        .current_dir(package());
    // Cargo's variables of this package would make the build scripts of other packages run again.
    remove_variables(&mut cargo, &["CARGO_PKG_", "CARGO_MANIFEST_"]);
    assert!(cargo.status().unwrap().success(), "the examples do not build");
}

/// Returns the directory of the package that has the examples, also for the tests that are a
/// package of their own.
fn package() -> &'static Path {
    let mut ancestors = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    ancestors.find(|directory| directory.join("examples").is_dir()).unwrap()
}

fn file(examples: &Path, name: &str) -> PathBuf {
    examples.join(name).with_extension(env::consts::EXE_EXTENSION)
}

fn remove_variables(command: &mut Command, prefixes: &[&str]) {
    for (key, _) in env::vars_os() {
        if prefixes.iter().any(|prefix| key.to_string_lossy().starts_with(prefix)) {
            command.env_remove(key);
        }
    }
}

/// Returns the example as a command, whatever settings the environment of the tests has.
pub(crate) fn example(name: &str) -> Command {
    let mut command = Command::new(file(&EXAMPLES, name));
    command.current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null());
    remove_variables(&mut command, &["HARDENING"]);
    command
}

/// Runs the command to its end.
pub(crate) fn run(command: &mut Command) -> Finished {
    Process::spawn(command).finish(PATIENCE)
}

/// Holds a process that has ended, and its output.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Holds a server that says where it listens; killed when it is dropped.
pub(crate) struct Server {
    process: Process,
    first_line: String,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(command: &mut Command) -> Self {
        let process = Process::spawn(command);
        let Ok(first_line) = process.stdout.recv_timeout(PATIENCE) else {
            panic!("{command:?} does not listen: {:?}", process.finish(Duration::ZERO));
        };
        let (_, address) = first_line.split_once("://").unwrap();
        let address = address.trim_end().parse().unwrap();
        Self { process, first_line, address }
    }

    /// Returns the id of the process.
    #[cfg(target_os = "linux")]
    pub(crate) fn id(&self) -> u32 {
        self.process.child.id()
    }

    /// Sends SIGHUP.
    pub(crate) fn hang_up(&self) {
        self.process.signal("-HUP");
    }

    /// Waits for a line with this text on standard error.
    pub(crate) fn wait_for_error(&self, text: &str) -> String {
        let mut lines = iter::from_fn(|| self.process.stderr.recv_timeout(PATIENCE).ok());
        lines.find(|line| line.contains(text)).unwrap()
    }

    /// Sends SIGTERM, and waits for the end.
    pub(crate) fn stop(self, patience: Duration) -> Finished {
        self.process.terminate();
        let mut finished = self.process.finish(patience);
        finished.stdout.insert_str(0, &self.first_line);
        finished
    }
}

/// Holds a process whose lines are read; killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Process {
    pub(crate) fn spawn(command: &mut Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = lines(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    /// Waits for the first line of a server, and forgets it.
    pub(crate) fn wait_for_a_line(&self) {
        self.stdout.recv_timeout(PATIENCE).unwrap();
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Waits for the end, and brings it about when that takes too long.
    pub(crate) fn finish(mut self, patience: Duration) -> Finished {
        let start = Instant::now();
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if start.elapsed() > patience => {
                    self.child.kill().unwrap();
                    break self.child.wait().unwrap();
                }
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let (stdout, stderr) = (self.stdout.iter().collect(), self.stderr.iter().collect());
        Finished { status, stdout, stderr }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail for a process that has ended, and has been waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the lines, each with its end, as they come: nobody has to read for the process to go on.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = sender.send(line + "\n");
        }
    });
    receiver
}
