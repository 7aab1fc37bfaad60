//! Runs a child process that ends, with its own children, when it is dropped.

use std::{
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};

#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program in its own process group. Its output goes into the log.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).process_group(0);
        let child = command.spawn();
        let child = child.with_context(|| format!("{:?}", command.get_program()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    /// Returns the program's output so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _gone =
            Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ended = self.child.wait();
    }
}
