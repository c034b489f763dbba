//! The language of a page: what the address asks for, else what the reader chose before, else what the browser prefers. Chinese is the
//! source; English is complete. A third language is a third table of words and a third arm here.

use crate::text::{EN, Text, ZH};

/// A language that every page exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// zh-CN, the source.
    #[default]
    Chinese,
    /// en.
    English,
}

impl Language {
    /// Both, in the order in which the static pages show them.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The BCP 47 tag that goes into `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The words of the language.
    pub fn text(self) -> &'static Text {
        match self {
            Self::Chinese => &ZH,
            Self::English => &EN,
        }
    }

    /// The one that the switch in the page's head leads to.
    pub fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// Reads a tag as people and browsers write it: `zh`, `zh-CN`, `zh_Hans`, `en-GB`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_', ';']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak. Browsers write them best first, so the weights need no reading.
    pub fn from_accept(header: &str) -> Option<Self> {
        header.split(',').find_map(Self::from_tag)
    }

    /// The text of a pair that came with an answer, in this language, or the other where this one is empty.
    pub fn pick<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        let (wanted, rest) = match self {
            Self::Chinese => (chinese, english),
            Self::English => (english, chinese),
        };
        if wanted.is_empty() { rest } else { wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_browsers_write_them() {
        assert_eq!(Language::from_tag("zh_Hans_CN"), Some(Language::Chinese));
        assert_eq!(Language::from_tag("EN-gb"), Some(Language::English));
        assert_eq!(Language::from_tag("fr"), None);
        assert_eq!(Language::from_accept("fr-FR, en;q=0.8, zh;q=0.5"), Some(Language::English));
        assert_eq!(Language::from_accept("*"), None);
    }

    #[test]
    fn a_missing_translation_falls_back_to_the_other() {
        assert_eq!(Language::English.pick("烟台市", ""), "烟台市");
        assert_eq!(Language::Chinese.pick("烟台市", "Yantai"), "烟台市");
    }
}
