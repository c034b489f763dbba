//! Path templates of `google.api.http`: `/api/v1/receipts/{id=*/*/*}`, `/api/v1/providers/{id}:rotate`.
//!
//! A template is literals, `*` (one segment) and, at its end, `**` (all that is left), with variables over one or more segments and a verb
//! behind the last colon. A variable takes its segments as they are decoded, joined by slashes: a receipt's id has two of them.

use percent_encoding::percent_decode_str;

/// One template, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Template {
    text: String,
    segments: Vec<Segment>,
    variables: Vec<Variable>,
    verb: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    One,
    Rest,
}

/// A field, and the segments that are its value.
#[derive(Debug, PartialEq, Eq)]
struct Variable {
    field: String,
    from: usize,
    to: usize,
}

impl Template {
    /// Takes a template apart; `Err` says what in it is not understood.
    pub(crate) fn parse(text: &str) -> Result<Template, String> {
        let rest = text.strip_prefix('/').ok_or_else(|| format!("{text}: a template begins with a slash"))?;
        let (path, verb) = split_verb(rest);
        let mut template = Template { text: text.to_owned(), segments: Vec::new(), variables: Vec::new(), verb };
        for part in split_parts(path) {
            template.push(part).map_err(|fault| format!("{text}: {fault}"))?;
        }
        let before_last = template.segments.len().saturating_sub(1);
        match template.segments.iter().position(|segment| *segment == Segment::Rest) {
            Some(at) if at < before_last => Err(format!("{text}: ** stands at the end alone")),
            _ => Ok(template),
        }
    }

    fn push(&mut self, part: &str) -> Result<(), String> {
        let Some(inside) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            return self.push_segment(part);
        };
        let (field, pattern) = inside.split_once('=').unwrap_or((inside, "*"));
        let from = self.segments.len();
        for segment in pattern.split('/') {
            self.push_segment(segment)?;
        }
        self.variables.push(Variable { field: field.to_owned(), from, to: self.segments.len() });
        Ok(())
    }

    fn push_segment(&mut self, segment: &str) -> Result<(), String> {
        self.segments.push(match segment {
            "*" => Segment::One,
            "**" => Segment::Rest,
            literal if literal.is_empty() || literal.contains(['{', '}', '*']) => return Err(format!("{literal:?} is no segment")),
            literal => Segment::Literal(literal.to_owned()),
        });
        Ok(())
    }

    /// The template as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The fields that the path names, in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.field.as_str())
    }

    /// The template with plain `{field}` for every variable, as OpenAPI writes paths.
    pub(crate) fn plain(&self) -> String {
        let mut plain = String::new();
        let mut at = 0;
        while at < self.segments.len() {
            plain.push('/');
            match (self.variables.iter().find(|variable| variable.from == at), &self.segments[at]) {
                (Some(variable), _) => {
                    plain.push_str(&format!("{{{}}}", variable.field));
                    at = variable.to;
                    continue;
                }
                (None, Segment::Literal(text)) => plain.push_str(text),
                (None, Segment::One | Segment::Rest) => plain.push('*'),
            }
            at += 1;
        }
        self.verb.iter().fold(plain, |plain, verb| format!("{plain}:{verb}"))
    }

    /// How exact it is: of two templates that match, the one with more is meant.
    pub(crate) fn exactness(&self) -> usize {
        let literals = self.segments.iter().filter(|segment| matches!(segment, Segment::Literal(_))).count();
        2 * literals + usize::from(self.verb.is_some())
    }

    /// The fields' values where the path matches.
    pub(crate) fn matches(&self, path: &str) -> Option<Vec<(&str, String)>> {
        let mut path = path.strip_prefix('/')?;
        if let Some(verb) = &self.verb {
            path = path.strip_suffix(verb.as_str())?.strip_suffix(':')?;
        }
        let given: Vec<&str> = path.split('/').collect();
        let ends_open = self.segments.last() == Some(&Segment::Rest);
        let enough = if ends_open { given.len() >= self.segments.len() } else { given.len() == self.segments.len() };
        let fits = enough && self.segments.iter().zip(&given).all(|(segment, given)| segment.fits(given));
        if !fits {
            return None;
        }
        self.variables.iter().map(|variable| Some((variable.field.as_str(), self.value(variable, &given)?))).collect()
    }

    fn value(&self, variable: &Variable, given: &[&str]) -> Option<String> {
        let to = if self.segments[variable.to - 1] == Segment::Rest { given.len() } else { variable.to };
        let decoded: Option<Vec<String>> = given[variable.from..to].iter().map(|segment| decoded(segment)).collect();
        Some(decoded?.join("/"))
    }
}

impl Segment {
    fn fits(&self, given: &str) -> bool {
        match self {
            Segment::Literal(text) => decoded(given).as_deref() == Some(text.as_str()),
            Segment::One | Segment::Rest => !given.is_empty(),
        }
    }
}

/// None where the bytes are not UTF-8: no field could hold them.
fn decoded(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(Into::into)
}

/// The verb stands behind the last colon that is outside braces.
fn split_verb(path: &str) -> (&str, Option<String>) {
    let after_braces = path.rfind('}').map_or(0, |at| at + 1);
    match path[after_braces..].rfind(':') {
        Some(colon) => (&path[..after_braces + colon], Some(path[after_braces + colon + 1..].to_owned())),
        None => (path, None),
    }
}

/// Splits at slashes that are outside braces.
fn split_parts(path: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    path.split(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '/' && depth == 0
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        let template = Template::parse(template).expect("the template is well-formed");
        let values = template.matches(path)?;
        Some(values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect())
    }

    fn one(field: &str, value: &str) -> Option<Vec<(String, String)>> {
        Some(vec![(field.to_owned(), value.to_owned())])
    }

    #[test]
    fn a_variable_takes_as_many_segments_as_it_says() {
        assert_eq!(matched("/r/{id=*/*/*}", "/r/xm.ingestion/1/42"), one("id", "xm.ingestion/1/42"));
        assert_eq!(matched("/r/{id=*/*/*}", "/r/xm.ingestion/1"), None);
        assert_eq!(matched("/r/{id=*/*/*}", "/r/xm.ingestion//42"), None);
        assert_eq!(matched("/r/{id=a/*}/end", "/r/a/b/end"), one("id", "a/b"));
        assert_eq!(matched("/r/{rest=**}", "/r/a/b/c"), one("rest", "a/b/c"));
    }

    #[test]
    fn a_verb_stands_behind_the_last_colon() {
        assert_eq!(matched("/p/{id}:rotate", "/p/acme:rotate"), one("id", "acme"));
        assert_eq!(matched("/p/{id}:rotate", "/p/urn:x:rotate"), one("id", "urn:x"));
        assert_eq!(matched("/p/{id}:rotate", "/p/acme"), None);
        assert_eq!(matched("/p/{id}:rotate", "/p/:rotate"), None);
        assert_eq!(matched("/p:watch", "/p:watch"), Some(vec![]));
        assert_eq!(matched("/p", "/p:watch"), None);
    }

    #[test]
    fn values_are_decoded_after_the_path_is_cut() {
        assert_eq!(matched("/p/{id}", "/p/a%2Fb%20%E8%8C%B6"), one("id", "a/b 茶"));
        assert_eq!(matched("/p/{id}", "/p/%FF"), None);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for text in ["p", "/p//q", "/p/{id", "/p/{a=**}/q", "/p/a*b", "/"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn openapi_writes_variables_plainly() {
        let template = Template::parse("/d/{id=*/*/*}:redrive").unwrap();
        assert_eq!(template.plain(), "/d/{id}:redrive");
        assert_eq!(template.fields().collect::<Vec<_>>(), ["id"]);
    }
}
