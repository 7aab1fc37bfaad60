//! Sets up the network, names, files and trusted certificates that the browsers of a run see.
//!
//! `tests/browsers/run` starts this program in namespaces of its own, so that the machine keeps its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use tokio::sync::Mutex;

use crate::{authority::Authority, process::Process};

/// An address that is not loopback (RFC 5737). WebKitGTK resolves no name without one.
pub(crate) const ADDRESS: &str = "192.0.2.7";

/// A site, a sibling of it, its media host, and an unrelated site.
pub(crate) const SITE: &str = "example.tld";
pub(crate) const SIBLING: &str = "sibling.example.tld";
pub(crate) const MEDIA: &str = "media.example.net";
pub(crate) const STRANGER: &str = "stranger.example";

/// The display of the virtual X server, for WebKitGTK.
pub(crate) const DISPLAY: &str = ":93";

/// The certificates that WebKitGTK trusts.
const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Holds the state that all rows of a run share.
#[derive(Debug)]
pub(crate) struct World {
    /// The directory of `cargo build`.
    pub(crate) target: PathBuf,
    /// A directory in memory.
    pub(crate) directory: PathBuf,
    pub(crate) authority: Authority,
    /// Held by a row that listens at port 80, 443 or 4000.
    pub(crate) ports: Mutex<()>,
    _display: Process,
}

impl World {
    pub(crate) fn new(target: &Path) -> Result<Self> {
        let interfaces = fs::read_to_string("/proc/net/dev")?;
        ensure!(interfaces.lines().count() == 3, "interfaces other than lo:\n{interfaces}");

        run(Command::new("ip").args(["link", "set", "lo", "up"]))?;
        run(Command::new("ip").args(["address", "add", &format!("{ADDRESS}/24"), "dev", "lo"]))?;

        let directory = target.join("browsers/run");
        fs::create_dir_all(&directory)?;
        run(Command::new("mount").args(["-t", "tmpfs", "browsers"]).arg(&directory))?;

        // The shipped files of nginx name directories that the machine need not have.
        for (index, path) in ["/etc", "/var/cache"].into_iter().enumerate() {
            overlay(path, &directory.join(format!("overlay{index}")))?;
        }
        let mut hosts = "127.0.0.1 localhost\n::1 localhost\n".to_owned();
        for name in [SITE, SIBLING, MEDIA, STRANGER] {
            hosts += &format!("{ADDRESS} {name}\n");
        }
        replace("/etc/hosts", &directory.join("hosts"), &hosts)?;
        replace("/etc/resolv.conf", &directory.join("resolv.conf"), "")?;

        let authority = Authority::new(&directory)?;
        replace(BUNDLE, &directory.join("bundle.pem"), &authority.certificate())?;

        let display = display(&directory)?;
        Ok(Self {
            target: target.to_owned(),
            directory,
            authority,
            ports: Mutex::default(),
            _display: display,
        })
    }

    /// Returns a new empty directory.
    pub(crate) fn new_directory(&self) -> Result<PathBuf> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let directory = self.directory.join(number.to_string());
        fs::create_dir(&directory)?;
        Ok(directory)
    }
}

/// Starts the virtual X server.
fn display(directory: &Path) -> Result<Process> {
    // Its abstract socket belongs to the network; a lock and a socket in /tmp would belong to the machine.
    let mut server = Command::new("Xvfb");
    server.args([DISPLAY, "-screen", "0", "1024x768x24", "-nolock"]).args([
        "-nolisten",
        "tcp",
        "-nolisten",
        "unix",
    ]);
    Process::start(&mut server, &directory.join("xvfb.log"))
}

/// Keeps in this namespace what the run writes below a directory of the machine.
fn overlay(path: &str, own: &Path) -> Result<()> {
    let (upper, work) = (own.join("upper"), own.join("work"));
    fs::create_dir_all(&upper)?;
    fs::create_dir_all(&work)?;
    let options =
        format!("lowerdir={path},upperdir={},workdir={}", upper.display(), work.display());
    run(Command::new("mount").args(["-t", "overlay", "overlay", "-o", &options, path]))
}

/// Replaces a file of the machine, in this namespace only.
fn replace(path: &str, with: &Path, text: &str) -> Result<()> {
    fs::write(with, text)?;
    run(Command::new("mount").arg("--bind").arg(with).arg(path))
}

/// Runs a command that must succeed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
