//! Page tokens: the position after which the next page begins, opaque to who carries it.
//!
//! A token is no secret and no capability: whoever reads with it is checked again. It is only said to be opaque so that it may change.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Stands between the parts of a position; no part may contain it.
const BETWEEN: char = '\u{1f}';

/// A token of another list, or none of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the page token was not made by this list")]
pub struct BadToken;

/// How many rows to answer when `asked` were asked for; 0 leaves it to us.
pub fn size(asked: u32, usual: u32, most: u32) -> u32 {
    if asked == 0 { usual } else { asked.min(most) }
}

/// The token of a position, which is the sort key of a page's last row.
pub fn token<const N: usize>(position: [&str; N]) -> String {
    let text = position.join(&BETWEEN.to_string());
    URL_SAFE_NO_PAD.encode(text)
}

/// The position in a token; none in an empty one, which asks for the first page.
pub fn position<const N: usize>(token: &str) -> Result<Option<[String; N]>, BadToken> {
    if token.is_empty() {
        return Ok(None);
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| BadToken)?;
    let text = String::from_utf8(bytes).map_err(|_| BadToken)?;
    let parts: Vec<String> = text.split(BETWEEN).map(str::to_owned).collect();
    parts.try_into().map(Some).map_err(|_| BadToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_as_it_was() {
        let token = token(["3301", "农产品/1"]);
        assert_eq!(position(&token), Ok(Some(["3301".to_owned(), "农产品/1".to_owned()])));
        assert_eq!(position::<2>(""), Ok(None));
    }

    #[test]
    fn another_lists_token_is_refused() {
        assert_eq!(position::<2>(&token(["one"])), Err(BadToken));
        assert_eq!(position::<1>("not base64!"), Err(BadToken));
    }

    #[test]
    fn a_size_stays_within_its_bounds() {
        assert_eq!([size(0, 50, 500), size(7, 50, 500), size(9_999, 50, 500)], [50, 7, 500]);
    }
}
