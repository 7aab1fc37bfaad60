//! Runs the example `pleroma` as a process.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};
use tokio::net::TcpStream;

use crate::{browser::until, process::Process, world::World};

#[derive(Debug)]
pub(crate) struct Example {
    _process: Process,
}

impl Example {
    /// Starts it with its default settings and these arguments, and waits until it answers.
    pub(crate) async fn start(world: &World, arguments: &[&str]) -> Result<Self> {
        Self::start_in(world, world.new_directory()?, arguments, 4000).await
    }

    /// Starts it with its default settings at an address.
    pub(crate) async fn start_at(world: &World, address: &str) -> Result<Self> {
        let directory = world.new_directory()?;
        Self::start_on(world, directory, &["--listen", address], address).await
    }

    /// Starts it with these settings, for nginx in front of it.
    pub(crate) async fn start_http(world: &World, settings: &str) -> Result<Self> {
        let directory = directory_with(world, settings)?;
        Self::start_in(world, directory, &["--config", "settings.toml"], 4000).await
    }

    /// Starts it with https on all addresses.
    pub(crate) async fn start_https(world: &World, settings: &str) -> Result<Self> {
        let directory = directory_with(world, settings)?;
        let authority = &world.authority;
        let (chain, key) = (authority.chain.to_string_lossy(), authority.key.to_string_lossy());
        let tls = ["--tls-cert", &chain, "--tls-key", &key];
        let arguments = [&["--config", "settings.toml", "--listen", "0.0.0.0:443"], &tls[..]];
        Self::start_in(world, directory, &arguments.concat(), 443).await
    }

    async fn start_in(
        world: &World,
        directory: PathBuf,
        arguments: &[&str],
        port: u16,
    ) -> Result<Self> {
        Self::start_on(world, directory, arguments, &format!("127.0.0.1:{port}")).await
    }

    async fn start_on(
        world: &World,
        directory: PathBuf,
        arguments: &[&str],
        address: &str,
    ) -> Result<Self> {
        let mut command = Command::new(world.target.join("debug/examples/pleroma"));
        command.current_dir(&directory).args(arguments);
        let process = Process::start(&mut command, &directory.join("log"))?;
        let answers = async || Ok(TcpStream::connect(address).await.is_ok());
        until("the example answers", answers).await.with_context(|| process.log())?;
        Ok(Self { _process: process })
    }
}

/// Returns a new directory with a file of settings.
fn directory_with(world: &World, settings: &str) -> Result<PathBuf> {
    let directory = world.new_directory()?;
    fs::write(directory.join("settings.toml"), settings)?;
    Ok(directory)
}
