//! Follows the tags of a page: templates, SVG and MathML, the end of the head.

/// Represents the part of the document in which an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Head,
    Body,
    /// SVG or MathML.
    Foreign,
}

/// Holds the elements that are open, as far as they change the meaning of others.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    templates: usize,
    /// The open elements that begin SVG or MathML, and those that return to HTML within it.
    foreign: Vec<(String, Place)>,
    part: Part,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Head,
    Body,
}

/// Elements that can be in a head.
const HEAD: [&str; 12] = [
    "base", "basefont", "bgsound", "head", "html", "link", "meta", "noscript", "script", "style",
    "template", "title",
];

impl Nesting {
    /// Enters an element, and returns the part of the document in which it is.
    pub(super) fn start(&mut self, name: &str, is_self_closing: bool) -> Place {
        if !HEAD.contains(&name) {
            self.part = Part::Body;
        }
        if name == "template" {
            self.templates += 1;
        }
        let around = self.place();
        let begins = match name {
            "svg" | "math" => Some(Place::Foreign),
            "foreignobject" | "desc" | "title" | "annotation-xml" if around == Place::Foreign => {
                Some(Place::Body)
            }
            _ => None,
        };
        if let Some(place) = begins.filter(|_| !is_self_closing) {
            self.foreign.push((name.to_owned(), place));
        }
        if matches!(name, "svg" | "math") { Place::Foreign } else { around }
    }

    /// Leaves an element.
    pub(super) fn end(&mut self, name: &str) {
        match name {
            "head" => self.part = Part::Body,
            "template" => self.templates = self.templates.saturating_sub(1),
            // A page with many open elements is still read in linear time.
            _ if self.foreign.last().is_some_and(|(open, _)| open == name) => {
                self.foreign.pop();
            }
            _ => {}
        }
    }

    pub(super) fn is_in_template(&self) -> bool {
        self.templates > 0
    }

    fn place(&self) -> Place {
        match (self.foreign.last(), self.part) {
            (Some((_, place)), _) => *place,
            (None, Part::Head) => Place::Head,
            (None, Part::Body) => Place::Body,
        }
    }
}
