//! Reads and writes `benches/figures.tsv`, the one table of limits and figures, and shows it in
//! docs/performance.md.

use std::{collections::HashMap, fmt::Write as _, fs, io};

use crate::{case::LIMITED, tenants::LAYERS};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/figures.tsv");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance.md");
const BEGIN: &str =
    "<!-- limits: from here to the end mark, `benches/gate --update` writes figures.tsv -->\n";
const END: &str = "<!-- limits: end -->\n";

/// Counts the cost of one exchange over the bare service, or the bytes that a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub instructions: u64,
    /// Reallocations are counted too.
    pub allocations: u64,
}

/// Holds a line of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The most instructions, or bytes.
    pub limit: u64,
    pub figure: Figure,
}

/// Holds all lines of the file, by name.
pub struct Rows(HashMap<String, Row>);

impl Rows {
    /// Reads the file.
    pub fn read() -> io::Result<Self> {
        let text = fs::read_to_string(FILE)?;
        let lines = text.lines().filter(|line| !line.starts_with("# "));
        let row = |line: &str| {
            let problem = || io::Error::other(format!("figures.tsv: {line}"));
            let mut fields = line.split('\t');
            let name = fields.next().unwrap_or_default().to_owned();
            let mut number =
                || fields.next().and_then(|field| field.parse().ok()).ok_or_else(problem);
            let (limit, instructions, allocations) = (number()?, number()?, number()?);
            Ok((name, Row { limit, figure: Figure { instructions, allocations } }))
        };
        Ok(Self(lines.map(row).collect::<io::Result<_>>()?))
    }

    pub fn get(&self, name: &str) -> Option<Row> {
        self.0.get(name).copied()
    }
}

/// Writes these figures. Limits are kept; a new name gets a limit just above its figure.
pub fn write(figures: &[(String, Figure)]) -> io::Result<()> {
    let rows = Rows::read()?;
    let mut text = String::new();
    for (name, Figure { instructions, allocations }) in figures {
        let above = (instructions + instructions / 50).next_multiple_of(50);
        let limit = rows.get(name).map_or(above, |row| row.limit);
        let _ = writeln!(text, "{name}\t{limit}\t{instructions}\t{allocations}");
    }
    fs::write(FILE, text)?;
    write_page()
}

/// Writes the table of limits into docs/performance.md.
pub fn write_page() -> io::Result<()> {
    let (start, _, end) = page()?;
    fs::write(PAGE, [&start, BEGIN, &table()?, END, &end].concat())
}

/// Fails if docs/performance.md shows another table.
pub fn check_page() -> io::Result<()> {
    let (_, shown, _) = page()?;
    if shown == table()? {
        return Ok(());
    }
    Err(io::Error::other("docs/performance.md shows other limits; run 'bench limits'"))
}

/// Splits the page at its marks.
fn page() -> io::Result<(String, String, String)> {
    let page = fs::read_to_string(PAGE)?;
    let parts = page.split_once(BEGIN).and_then(|(start, rest)| {
        let (table, end) = rest.split_once(END)?;
        Some((start.to_owned(), table.to_owned(), end.to_owned()))
    });
    parts.ok_or_else(|| io::Error::other("performance.md: no marks of the limits"))
}

fn table() -> io::Result<String> {
    let rows = Rows::read()?;
    let row = |name: &str| {
        rows.get(name).ok_or_else(|| io::Error::other(format!("figures.tsv: no '{name}'")))
    };
    let mut text =
        String::from("\n|work|limit|now|allocations + reallocations|\n|---|--:|--:|--:|\n");
    let works = LIMITED.iter().map(|limited| (limited.work, limited.case.id()));
    let layers = LAYERS.iter().map(|layer| (layer.name, layer.name.to_owned()));
    for (work, name) in works.chain(layers) {
        let Row { limit, figure } = row(&name)?;
        let [limit, now] = [limit, figure.instructions].map(thousands);
        let _ = writeln!(text, "|{work}|{limit}|{now}|{}|", figure.allocations);
    }
    Ok(text)
}

/// Writes a number with a comma before each group of three digits.
pub fn thousands(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", thousands(number / 1000), number % 1000),
    }
}
