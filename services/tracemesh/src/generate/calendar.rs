//! When things happen: China Standard Time, markets before dawn, crowds in the evening.
//!
//! A chain sells during the 24 hours before its `close`, which covers every hour of the day exactly once; everything before the sale is placed
//! backwards from the dawn market. So nothing lies in the future, however early in the day the country is told.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::dice::Dice;

pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;

const CST: Offset = Offset::constant(8);
const CST_SECONDS: i64 = 8 * HOUR;
/// The wholesale market opens at half past two.
const MARKET_OPENS: i64 = 2 * HOUR + HOUR / 2;
/// From the opening of the market until its goods stand in the shops.
const MARKET_TO_SHELF: i64 = 4 * HOUR;

/// How many of a day's sales fall into each hour: shops open at seven, and the evening brings the crowd.
const CROWD: [u64; 24] = [0, 0, 0, 0, 0, 0, 0, 3, 5, 6, 7, 6, 3, 2, 3, 4, 7, 14, 18, 13, 7, 2, 0, 0];

/// The two moments, in unix seconds, that all times of a chain hang on.
#[derive(Clone, Copy)]
pub struct Times {
    /// The market opens; everything before the wholesale lies before it.
    pub dawn: i64,
    /// The last moment of sale.
    pub close: i64,
}

impl Times {
    /// The latest dawn market whose goods can all be on the shelf when the sale begins, a day before `close`.
    pub fn before(close: i64) -> Times {
        let on_the_shelf = close - DAY - MARKET_TO_SHELF;
        let into_the_day = (on_the_shelf + CST_SECONDS - MARKET_OPENS).rem_euclid(DAY);
        Times { dawn: on_the_shelf - into_the_day, close }
    }

    /// A moment of sale, after the goods stood on the shelf and not after the close.
    pub fn sale(&self, dice: &mut Dice) -> i64 {
        let second_of_day = dice.weighted(&CROWD) as i64 * HOUR + dice.below(HOUR as u64) as i64;
        let since = (self.close + CST_SECONDS - second_of_day).rem_euclid(DAY);
        self.close - since
    }
}

/// RFC 3339 with the offset of China Standard Time.
pub fn spell(seconds: i64) -> String {
    format!("{}+08:00", civil(seconds))
}

/// The day in China Standard Time, `YYYY-MM-DD`.
pub fn day(seconds: i64) -> String {
    civil(seconds).date().to_string()
}

/// A moment that jiff cannot hold reads as 1970, and the intake refuses it: the generator is never asked for one.
fn civil(seconds: i64) -> DateTime {
    CST.to_datetime(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-25 10:00 in China.
    const MORNING: i64 = 1_795_572_000;

    #[test]
    fn times_are_spelled_in_china() {
        assert_eq!(spell(MORNING), "2026-11-25T10:00:00+08:00");
        assert_eq!(day(MORNING - 11 * HOUR), "2026-11-24");
    }

    #[test]
    fn the_market_opens_before_its_goods_are_sold() {
        for close in (MORNING..MORNING + DAY).step_by(1_234) {
            let times = Times::before(close);
            let mut dice = Dice::new(1, [close as u64, 0]);
            assert!(spell(times.dawn).ends_with("T02:30:00+08:00"));
            assert!((0..200).all(|_| (times.dawn + MARKET_TO_SHELF..=close).contains(&times.sale(&mut dice))));
        }
    }

    #[test]
    fn the_evening_brings_the_crowd() {
        let (times, mut dice) = (Times::before(MORNING), Dice::new(1, [0, 0]));
        let evening = (0..10_000).filter(|_| (17..20).contains(&civil(times.sale(&mut dice)).hour())).count();
        assert!((4_000..5_000).contains(&evening), "{evening} of 10,000 sales fell between 17 and 20 o'clock");
    }
}
