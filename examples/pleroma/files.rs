//! Creates files that only the owner of the process can read. After an error no part of a file is left.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::store::Store;

/// The age at which an upload without a post is removed: at the next start, or when its room is needed.
pub(crate) const KEPT_WITHOUT_POST: Duration = Duration::from_secs(24 * 60 * 60);

/// The directory of uploads in the data directory.
pub(crate) const MEDIA: &str = "media";

/// The suffix of a file's name while the file is written.
const PART: &str = ".part";

/// Sets what rows of before do not have.
const COMPLETE: &str = "
    UPDATE upload SET size = ?2, created = iif(created = 0, unixepoch() - ?3, created)
    WHERE name = ?1 AND (size <> ?2 OR created = 0)";

/// Creates the directory, readable by its owner only. An existing directory keeps its mode if it contains files of
/// other programs.
pub(crate) fn make_private_directory(directory: &Path) -> Result<(), String> {
    let error = |error| format!("{}: {error}", directory.display());
    check_directory(directory)?;
    let is_new = !directory.exists();
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(directory).map_err(error)?;
    if !is_new && is_ours(directory).map_err(error)? {
        restrict(directory, 0o700).map_err(error)?;
    }
    Ok(())
}

/// Returns an error if the path is that of a file.
pub(crate) fn check_directory(directory: &Path) -> Result<(), String> {
    if directory.exists() && !directory.is_dir() {
        return Err(format!("{}: is a file; write the path of a directory", directory.display()));
    }
    Ok(())
}

/// Creates the file if it is absent, and makes it readable by its owner only.
pub(crate) fn make_private_file(file: &Path) -> Result<(), String> {
    let made = private().create(true).truncate(false).open(file);
    made.map_err(|error| format!("{}: {error}", file.display()))?;
    // After a kill, SQLite's own files are left.
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut file = file.as_os_str().to_owned();
        file.push(end);
        let file = Path::new(&file);
        if file.exists() {
            restrict(file, 0o600).map_err(|error| format!("{}: {error}", file.display()))?;
        }
    }
    Ok(())
}

/// Returns `true` if the directory contains only files of this program.
fn is_ours(directory: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with("pleroma.sqlite") || name == MEDIA || is_upload(&name)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true);
    options
}

/// Removes the permissions that the mode does not have.
fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let permissions = fs::metadata(path)?.permissions();
        if permissions.mode() & 0o777 & !mode != 0 {
            tracing::warn!(path = %path.display(), "others could read this; its mode is now {mode:o}");
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    let _ = (path, mode);
    Ok(())
}

/// Writes the file under a name for incomplete files, then renames it.
pub(crate) fn write(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<Written> {
    let mut written = Written(Some(directory.join(format!("{name}{PART}"))));
    let part = written.path().to_owned();
    let mut file = private().create_new(true).open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let whole = directory.join(name);
    fs::rename(&part, &whole)?;
    written.0 = Some(whole);
    // The new name must be on the disk before the upload is reported as stored.
    File::open(directory).and_then(|directory| directory.sync_all())?;
    Ok(written)
}

/// Represents a file that is removed when the value is dropped, unless the file is kept.
pub(crate) struct Written(Option<PathBuf>);

impl Written {
    /// Keeps the file.
    pub(crate) fn keep(mut self) {
        self.0 = None;
    }

    fn path(&self) -> &Path {
        self.0.as_deref().unwrap_or_else(|| Path::new(""))
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // The file may be missing, because there was no room to create it.
            let _ = fs::remove_file(path);
        }
    }
}

/// Returns `true` for names that uploads have: random digits and an extension.
pub(crate) fn is_upload(name: &str) -> bool {
    let name = name.strip_suffix(PART).unwrap_or(name);
    name.split_once('.').is_some_and(|(random, extension)| {
        random.len() == 32
            && random.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !extension.is_empty()
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Removes files that a kill left: incomplete files, files that are not in the database, and, after a day, files
/// without a post.
pub(crate) fn sweep(directory: &Path, store: &Store) -> Result<(), String> {
    let swept = || -> Result<usize, Box<dyn std::error::Error>> {
        let mut removed = 0;
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_upload(name)) else { continue };
            let metadata = entry.metadata()?;
            let age = metadata.modified()?.elapsed().unwrap_or_default();
            let is_wanted = store.call_here(|database| is_wanted(database, name, age))?;
            if is_wanted {
                restrict(&entry.path(), 0o600)?;
                let size = i64::try_from(metadata.len())?;
                let age = i64::try_from(age.as_secs())?;
                store.call_here(|database| database.execute(COMPLETE, (name, size, age)))?;
            } else {
                fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    };
    match swept() {
        Ok(0) => Ok(()),
        Ok(removed) => {
            tracing::warn!(removed, "uploads were left over, and are removed: no post has them");
            Ok(())
        }
        Err(error) => Err(format!("{}: {error}", directory.display())),
    }
}

fn is_wanted(database: &Connection, name: &str, age: Duration) -> rusqlite::Result<bool> {
    let count = |sql| database.query_row(sql, [name], |row| row.get::<_, u32>(0));
    if count("SELECT count(*) FROM upload WHERE name = ?1")? == 0 {
        return Ok(false);
    }
    if age < KEPT_WITHOUT_POST || count("SELECT count(*) FROM status WHERE upload = ?1")? > 0 {
        return Ok(true);
    }
    database.execute("DELETE FROM upload WHERE name = ?1", [name])?;
    Ok(false)
}
