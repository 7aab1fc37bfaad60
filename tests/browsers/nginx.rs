//! Runs nginx with the shipped files, unchanged: the names, ports and directories are those of the namespace.

use std::{fs, process::Command};

use anyhow::{Context, Result};
use tokio::net::TcpStream;

use crate::{
    browser::until,
    process::Process,
    world::{MEDIA, SITE, World},
};

/// Holds nginx at ports 80 and 443, in front of port 4000.
#[derive(Debug)]
pub(crate) struct Nginx {
    _process: Process,
}

impl Nginx {
    pub(crate) async fn start(world: &World) -> Result<Self> {
        for name in [SITE, MEDIA] {
            let certificates = format!("/etc/letsencrypt/live/{name}");
            fs::create_dir_all(&certificates)?;
            fs::copy(&world.authority.chain, format!("{certificates}/fullchain.pem"))?;
            fs::copy(&world.authority.key, format!("{certificates}/privkey.pem"))?;
        }
        let directory = world.new_directory()?;
        let path = directory.display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {path}/{kind};\n"))
            .concat();
        let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/pleroma");
        let main = directory.join("main.conf");
        let text = format!(
            "user root;\ndaemon off;\nworker_processes 1;\npid {path}/pid;\nevents {{ }}\n\
             http {{\naccess_log off;\n{temporary}\
             include {shipped}/nginx.conf;\ninclude {shipped}/mediaproxy.nginx.conf;\n}}\n"
        );
        fs::write(&main, text)?;
        let mut command = Command::new("nginx");
        command.arg("-p").arg(&directory).arg("-c").arg(&main).args(["-e", "stderr"]);
        let process = Process::start(&mut command, &directory.join("log"))?;
        until("nginx listens", async || Ok(TcpStream::connect((SITE, 443)).await.is_ok()))
            .await
            .with_context(|| process.log())?;
        Ok(Self { _process: process })
    }
}
