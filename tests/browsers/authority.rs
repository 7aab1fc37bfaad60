//! Creates a certificate authority for one run, which all three engines trust.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::world::{MEDIA, SIBLING, SITE, STRANGER, run};

pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The certificate of all names, and its key.
    pub(crate) chain: PathBuf,
    pub(crate) key: PathBuf,
    /// The NSS database that Chromium and Firefox read.
    database: PathBuf,
}

impl Authority {
    pub(crate) fn new(directory: &Path) -> Result<Self> {
        let mut params = CertificateParams::new([])?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

        let names = [SITE, SIBLING, MEDIA, STRANGER].map(str::to_owned);
        let key_pair = KeyPair::generate()?;
        let certificate = CertificateParams::new(names)?.signed_by(&key_pair, &issuer)?;
        let (chain, key) = (directory.join("chain.pem"), directory.join("key.pem"));
        fs::write(&chain, certificate.pem())?;
        fs::write(&key, key_pair.serialize_pem())?;

        let (database, file) = (directory.join("nssdb"), directory.join("authority.pem"));
        fs::create_dir(&database)?;
        fs::write(&file, issuer.pem())?;
        let url = format!("sql:{}", database.display());
        run(Command::new("certutil").args(["-d", &url, "-N", "--empty-password"]))?;
        let add = ["-d", &url, "-A", "-n", "browsers", "-t", "C,,", "-i"];
        run(Command::new("certutil").args(add).arg(file))?;
        Ok(Self { issuer, chain, key, database })
    }

    pub(crate) fn certificate(&self) -> String {
        self.issuer.pem()
    }

    /// Copies the NSS database into a new directory or a profile.
    pub(crate) fn copy_database(&self, to: &Path) -> Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(&self.database)? {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}
