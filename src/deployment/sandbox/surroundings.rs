//! Reads the environment of the process, and derives the answers from it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use procfs::{
    ProcResult,
    process::{Process, Status as ProcessStatus},
};

use super::verdict::{Files, Verdict};
use super::{
    finding::{Finding, Setting},
    mounts::Mounts,
    private_devices::private_devices,
    private_tmp::private_tmp,
    protect_home::protect_home,
    protect_system::protect_system,
    status,
};

/// Holds the collected facts about a process. An error is a sentence for the evidence.
pub(super) struct Surroundings {
    pub(super) status: Result<ProcessStatus, String>,
    pub(super) mounts: Result<Mounts, String>,
    pub(super) files: Box<dyn Files>,
}

impl Surroundings {
    pub(super) fn of_this_process() -> Self {
        Self {
            status: read("/proc/self/status", |process| process.status()),
            mounts: read("/proc/self/mountinfo", |process| process.mountinfo()).map(Mounts::new),
            files: Box::new(RealFiles),
        }
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        let finding = |setting| {
            let Verdict(status, evidence) = self.verdict(setting);
            Finding { setting, status, evidence }
        };
        Setting::ALL.map(finding).into()
    }

    fn verdict(&self, setting: Setting) -> Verdict {
        let files = &*self.files;
        match setting {
            Setting::NoNewPrivileges => of(&self.status, status::no_new_privileges),
            Setting::CapabilityBoundingSet => of(&self.status, status::without_sys_admin),
            Setting::PrivateTmp => of(&self.mounts, |mounts| private_tmp(mounts, files)),
            Setting::ProtectHome => of(&self.mounts, |mounts| protect_home(mounts, files)),
            Setting::ProtectSystem => of(&self.mounts, |mounts| protect_system(mounts, files)),
            Setting::PrivateDevices => of(&self.status, |status| {
                of(&self.mounts, |mounts| private_devices(mounts, status, files))
            }),
        }
    }
}

fn read<T>(file: &str, read: impl FnOnce(Process) -> ProcResult<T>) -> Result<T, String> {
    Process::myself().and_then(read).map_err(|error| format!("{file} cannot be read: {error}"))
}

fn of<T>(read: &Result<T, String>, check: impl FnOnce(&T) -> Verdict) -> Verdict {
    match read {
        Ok(read) => check(read),
        Err(error) => Verdict::unknown(error.clone()),
    }
}

struct RealFiles;

impl Files for RealFiles {
    fn resolve(&self, path: &str) -> io::Result<Option<PathBuf>> {
        match fs::canonicalize(path) {
            Ok(path) => Ok(Some(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn names(&self, directory: &Path) -> io::Result<Vec<String>> {
        let name =
            |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
        fs::read_dir(directory)?.map(name).collect()
    }

    fn devices(&self) -> io::Result<Vec<PathBuf>> {
        let mut devices = Vec::new();
        let root = Path::new("/dev");
        list_devices(root, root, &mut devices)?;
        Ok(devices)
    }
}

fn list_devices(root: &Path, directory: &Path, devices: &mut Vec<PathBuf>) -> io::Result<()> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    let own = fs::metadata(root)?.dev();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, entry.path());
        if kind.is_char_device() || kind.is_block_device() {
            devices.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
        } else if kind.is_dir() && fs::symlink_metadata(&path)?.dev() == own {
            list_devices(root, &path, devices)?;
        }
    }
    Ok(())
}
