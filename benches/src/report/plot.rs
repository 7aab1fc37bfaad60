//! Draws the plot of cost against the number of headers of the response.

use std::{error::Error, path::Path};

use plotters::prelude::*;

use super::figures::Figures;
use crate::{
    case::Case,
    contender::{BY_HAND, Contender},
    ours, peers,
    traffic::COUNTS,
};

const KS: [u64; COUNTS.len()] = [0, 2, 5, 8, 12];

const LINES: [(Contender, RGBColor); 7] = [
    (peers::AXUM_HELMET, RGBColor(0x9c, 0x75, 0x5f)),
    (peers::TOWER_HELMET, RGBColor(0xe1, 0x57, 0x59)),
    (peers::TOWER_HTTP, RGBColor(0xf2, 0x8e, 0x2b)),
    (ours::STACK, RGBColor(0x76, 0xb7, 0xb2)),
    (peers::AXUM_SECURITY, RGBColor(0xaf, 0x7a, 0xa1)),
    (BY_HAND, RGBColor(0x80, 0x80, 0x80)),
    (ours::COMPOSITE, RGBColor(0x1b, 0x6c, 0xa8)),
];

pub(super) fn draw(figures: &Figures, file: &Path) -> Result<(), Box<dyn Error>> {
    let all = LINES.iter().flat_map(|(contender, _)| points(figures, *contender));
    let most = all.map(|(_, instructions)| instructions).max();
    let top = most.unwrap_or(0).next_multiple_of(1000);
    let root = SVGBackend::new(file, (760, 460)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .margin(16)
        .caption("Nine headers: instructions over the bare service", ("sans-serif", 18))
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(0u64..12, 0..top)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .x_labels(13)
        .x_desc("headers that the response has already")
        .y_label_formatter(&|y| format!("{y}"))
        .draw()?;
    for (contender, colour) in LINES {
        let width = if contender.name == ours::COMPOSITE.name { 3 } else { 1 };
        let style = colour.stroke_width(width);
        let legend = move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style);
        chart
            .draw_series(LineSeries::new(points(figures, contender), style).point_size(3))?
            .label(contender.name)
            .legend(legend);
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.9))
        .border_style(RGBColor(0xcc, 0xcc, 0xcc))
        .draw()?;
    Ok(root.present()?)
}

/// Returns the points of a line: the number of headers, and the instructions over the bare service.
fn points(figures: &Figures, contender: Contender) -> impl Iterator<Item = (u64, u64)> {
    KS.into_iter().zip(COUNTS).map(move |(k, traffic)| {
        (k, figures.over_bare(&Case::new(contender, traffic)).instructions)
    })
}
