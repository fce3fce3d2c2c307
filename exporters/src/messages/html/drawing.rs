//! Handwriting and Digital Touch as SVG: shapes made here, out of nothing but numbers.

use std::fmt::Write as _;

use askama::Template;
use corer_schemas::messages::app::{Color, Handwriting, Point, Stroke, Touch};

use crate::messages::card::touch_words;
use crate::page::Html;

/// The most points of one drawing that are shown.
const MOST: usize = 20_000;

/// The side of the square in which touches are drawn.
const SIDE: f32 = 300.0;

/// The largest number that stands in a drawing.
const LARGEST: f32 = 100_000.0;

/// Templates know no other way to a shape than these, all of whose parts are numbers.
#[derive(Template)]
#[template(path = "messages/drawing.svg", escape = "html")]
struct Drawing {
    label: String,
    width: Number,
    height: Number,
    shapes: Vec<Shape>,
}

enum Shape {
    Line { path: String, width: Number, paint: Paint },
    Dot { x: Number, y: Number, radius: Number, paint: Paint },
    Heart { broken: bool },
    Kiss { x: Number, y: Number, turn: Number },
}

/// A number that is one, and not too large.
#[derive(Clone, Copy)]
struct Number(f32);

/// A colour; the text's where none is said.
struct Paint(Option<Color>);

/// A message written by hand.
pub(super) fn handwriting(writing: &Handwriting) -> Html {
    let side = |side: f32| if side.is_finite() && side >= 1.0 { side.min(LARGEST) } else { SIDE };
    let (width, height) = (side(writing.width), side(writing.height));
    let shapes = lines(&writing.strokes, 1.0, width / 120.0);
    drawing("A message written by hand".to_owned(), width, height, shapes)
}

/// A drawing, a tap, a heartbeat …
pub(super) fn touch(touch: &Touch) -> Html {
    drawing(touch_words(touch), SIDE, SIDE, touch_shapes(touch, 0))
}

fn drawing(label: String, width: f32, height: f32, shapes: Vec<Shape>) -> Html {
    Html::of(&Drawing { label, width: Number(width), height: Number(height), shapes })
}

fn touch_shapes(touch: &Touch, depth: u8) -> Vec<Shape> {
    match touch {
        Touch::Taps(taps) => taps.iter().take(MOST).map(|tap| dot(tap.point, 14.0, tap.color)).collect(),
        Touch::Sketch(sketch) => lines(&sketch.strokes, SIDE, 4.0),
        Touch::Kisses(kisses) => {
            let kiss = |point: Point, angle: f32| Shape::Kiss {
                x: Number(point.x * SIDE),
                y: Number(point.y * SIDE),
                turn: Number(angle.to_degrees()),
            };
            kisses.iter().take(MOST).map(|one| kiss(one.point, one.angle)).collect()
        }
        Touch::Heartbeat { broken_at, .. } => vec![Shape::Heart { broken: broken_at.is_some() }],
        Touch::Fireball(fireball) => {
            let points = std::iter::once(&fireball.start).chain(&fireball.points).take(MOST);
            points.map(|point| dot(*point, 26.0, Some(Color { red: 235, green: 110, blue: 30, alpha: 160 }))).collect()
        }
        // A picture that is drawn on is not drawn on by pictures that are drawn on.
        Touch::Media(media) if depth == 0 => {
            media.overlay.iter().flat_map(|over| touch_shapes(over, 1)).take(MOST).collect()
        }
        Touch::Media(_) | Touch::Other(_) => Vec::new(),
    }
}

fn dot(point: Point, radius: f32, color: Option<Color>) -> Shape {
    Shape::Dot { x: Number(point.x * SIDE), y: Number(point.y * SIDE), radius: Number(radius), paint: Paint(color) }
}

/// Strokes as lines; `scale` brings their units to those of the drawing, `thin` is the width where none is said.
fn lines(strokes: &[Stroke], scale: f32, thin: f32) -> Vec<Shape> {
    let mut left = MOST;
    let line = |stroke: &Stroke| {
        let points = stroke.points.get(..stroke.points.len().min(left)).unwrap_or_default();
        left -= points.len();
        let widths: f32 = points.iter().map(|point| point.width).filter(|width| width.is_finite()).sum();
        let width = widths / points.len().max(1) as f32 * scale;
        let width = if width > 0.0 { width } else { thin };
        let path = path(points, scale);
        (!path.is_empty()).then_some(Shape::Line { path, width: Number(width), paint: Paint(stroke.color) })
    };
    strokes.iter().filter_map(line).collect()
}

/// The `d` of a path. A single point becomes a line of no length, which round ends make a dot.
fn path(points: &[Point], scale: f32) -> String {
    let mut path = String::new();
    for point in points {
        let letter = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{} {}", Number(point.x * scale), Number(point.y * scale));
    }
    if let [only] = points {
        let _ = write!(path, "L{} {}", Number(only.x * scale), Number(only.y * scale));
    }
    path
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = if self.0.is_finite() { self.0.clamp(-LARGEST, LARGEST) } else { 0.0 };
        let tenths = (number * 10.0).round() / 10.0;
        write!(f, "{tenths}")
    }
}

impl std::fmt::Display for Paint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            None => f.write_str("currentColor"),
            Some(Color { red, green, blue, alpha }) => {
                write!(f, "#{red:02x}{green:02x}{blue:02x}")?;
                if alpha < 255 { write!(f, "{alpha:02x}") } else { Ok(()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_numbers_are_the_drawing_holds_numbers() {
        let points =
            [f32::NAN, f32::INFINITY, -f32::INFINITY, 1e30, 0.25].map(|x| Point { x, y: x, width: x }).to_vec();
        let stroke = Stroke { color: Some(Color { red: 1, green: 2, blue: 3, alpha: 4 }), points };
        let html = handwriting(&Handwriting { width: f32::NAN, height: -1.0, strokes: vec![stroke] }).to_string();
        assert!(html.contains("viewBox=\"0 0 300 300\""), "{html}");
        assert!(html.contains("d=\"M0 0L0 0L0 0L100000 100000L0.3 0.3\""), "{html}");
        assert!(html.contains("stroke=\"#01020304\""), "{html}");
    }
}
