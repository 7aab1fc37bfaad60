//! Runs upstreams in other languages: Python's `http.server`, and nginx.

use std::{
    net::{SocketAddr, TcpStream},
    process::Command,
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use crate::nginx::{Nginx, free_address, is_there, nginx_is_there};
use crate::process::{Directory, Process};

/// Python serving the directory; stopped when it is dropped.
pub(crate) struct Python {
    _process: Process,
    pub(crate) address: SocketAddr,
}

impl Python {
    /// None on a machine without Python.
    pub(crate) fn serve(directory: &Directory) -> Option<Self> {
        static SAID: OnceLock<()> = OnceLock::new();
        if !is_there("python3", &SAID) {
            return None;
        }
        let (address, _) = free_address();
        let mut command = Command::new("python3");
        command.args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"]);
        let process = Process::spawn(command.arg(directory.path()).arg(address.port().to_string()));
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "python does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Some(Self { _process: process, address })
    }
}

/// nginx serving its own directory, with headers that are not ours.
pub(crate) fn nginx(headers: &[(&str, &str)]) -> Option<(Nginx, SocketAddr)> {
    if !nginx_is_there() {
        return None;
    }
    let directory = Directory::new();
    let (address, _) = free_address();
    let lines =
        headers.iter().map(|(name, value)| format!("add_header {name} \"{value}\" always;"));
    let server = format!(
        "types {{ text/html html; }}\n server {{ listen {address}; root {}; {} }}",
        directory.path().display(),
        lines.collect::<String>()
    );
    Some((Nginx::start(directory, &server, address), address))
}
