//! Measures everything, prints the tables, and writes docs/performance.md and the plot.

mod build_time;
mod figures;
mod plot;
mod tables;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use figures::Figures;

const BEGIN: &str = "<!-- bench: from here to the end mark, the bench writes -->\n";
const END: &str = "<!-- bench: end -->\n";

/// Measures every case, and writes the results.
pub fn write() -> Result<(), Box<dyn Error>> {
    // Fail before an hour of measurements, not after it.
    let page = docs("performance.md");
    let before = fs::read_to_string(&page)?;
    let (start, rest) = before.split_once(BEGIN).ok_or("performance.md: no mark of the bench")?;
    let (_, end) = rest.split_once(END).ok_or("performance.md: no end mark of the bench")?;
    let figures = Figures::measure()?;
    let mut text = about()?;
    text += &tables::all(&figures)?;
    text += &build_time::table()?;
    println!("{text}");
    fs::write(&page, [start, BEGIN, &text, END, end].concat())?;
    plot::draw(&figures, &docs("performance.svg"))
}

fn docs(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

/// Describes the date and the tools of the measurement.
fn about() -> Result<String, Box<dyn Error>> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name\t: ")).unwrap_or("unknown");
    Ok(format!(
        "\n{}; {}; http 1.5.0; {}; {cpu}, {} cores, which others used as well.\n",
        said_by("date", &["-u", "+%F"])?,
        said_by("rustc", &["--version"])?,
        said_by("valgrind", &["--version"])?,
        std::thread::available_parallelism()?,
    ))
}

fn said_by(program: &str, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(program).args(arguments).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
