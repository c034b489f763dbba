//! Our own figures as they are written: a change is added to what stands there. What becomes nothing is no row, so that the tables are the same
//! whichever way they came to be.

use std::collections::HashMap;

use tracemesh_model::Amount;
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::cells::{cell, sum};
use super::{ROWS_PER_STATEMENT, value_lists};
use crate::domain::cell::{Cell, Counts, Presence};

type Differences<'a> = [(&'a Cell, &'a (Counts, Presence))];

/// Adds the differences, in the order of cells.
pub async fn add(tx: &impl ConnectionTrait, differences: &Differences<'_>) -> Result<(), DbErr> {
    for chunk in differences.chunks(ROWS_PER_STATEMENT) {
        let ids = add_counts(tx, chunk).await?;
        let of_cell = |cell: &Cell| ids.get(cell).copied().ok_or_else(|| DbErr::Custom(format!("cell {cell:?} was not written")));
        let (mut measures, mut presence) = (Vec::new(), Vec::new());
        for (cell, (counts, subjects)) in chunk {
            let id = of_cell(cell)?;
            measures.extend(counts.measures.iter().map(|(unit, amount)| (id, unit.as_str(), *amount)));
            presence.extend(subjects.iter().map(|(subject, records)| (id, *subject, *records)));
        }
        add_measures(tx, &measures).await?;
        add_presence(tx, &presence).await?;
        drop_empty(tx, &ids.into_values().collect::<Vec<_>>()).await?;
    }
    Ok(())
}

/// Answers the id of each cell.
async fn add_counts(tx: &impl ConnectionTrait, chunk: &Differences<'_>) -> Result<HashMap<Cell, i64>, DbErr> {
    let text = format!(
        "INSERT INTO cell (day, area, category, class, provider, records, late) VALUES {} \
         ON CONFLICT (day, area, category, class, provider) DO UPDATE SET records = cell.records + excluded.records, \
         late = cell.late + excluded.late RETURNING day, area, category, class, provider, id",
        value_lists(chunk.len(), 7)
    );
    let values = chunk.iter().flat_map(|(cell, (counts, _))| -> [Value; 7] {
        let Cell { day, area, category, class, provider } = (*cell).clone();
        let (records, late) = (counts.records, counts.late);
        [day.to_string().into(), area.into(), category.into(), class.into(), provider.into(), records.into(), late.into()]
    });
    let rows: Vec<(String, String, String, String, String, i64)> = sql::rows(tx, &text, values.collect()).await?;
    rows.into_iter().map(|(day, area, category, class, provider, id)| Ok((cell(&day, area, category, class, provider)?, id))).collect()
}

/// Amounts are added here and not in SQL, where the one database has no exact decimals.
async fn add_measures(tx: &impl ConnectionTrait, differences: &[(i64, &str, Amount)]) -> Result<(), DbErr> {
    for chunk in differences.chunks(ROWS_PER_STATEMENT) {
        let mut sums = measures_of(tx, chunk.iter().map(|(cell, _, _)| *cell)).await?;
        let (mut gone, mut kept) = (Vec::new(), Vec::new());
        for (cell, unit, amount) in chunk {
            let counts = sums.entry(*cell).or_default();
            counts.add_measure(unit, *amount);
            match counts.measures.get(*unit) {
                Some(sum) => kept.push((*cell, *unit, sum.to_string())),
                None => gone.push((*cell, *unit)),
            }
        }
        put_measures(tx, &kept).await?;
        for (cell, unit) in gone {
            sql::run(tx, "DELETE FROM measure WHERE cell = $1 AND unit = $2", vec![cell.into(), unit.into()]).await?;
        }
    }
    Ok(())
}

async fn measures_of(tx: &impl ConnectionTrait, cells: impl Iterator<Item = i64>) -> Result<HashMap<i64, Counts>, DbErr> {
    let mut cells: Vec<i64> = cells.collect();
    cells.dedup();
    let text = format!("SELECT cell, unit, value FROM measure WHERE cell IN ({})", sql::list(1, cells.len()));
    let rows: Vec<(i64, String, String)> = sql::rows(tx, &text, cells.into_iter().map(Value::from).collect()).await?;
    let mut found: HashMap<i64, Counts> = HashMap::new();
    for (cell, unit, value) in rows {
        found.entry(cell).or_default().add_measure(&unit, sum(&value)?);
    }
    Ok(found)
}

async fn put_measures(tx: &impl ConnectionTrait, rows: &[(i64, &str, String)]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let text = format!(
        "INSERT INTO measure (cell, unit, value) VALUES {} ON CONFLICT (cell, unit) DO UPDATE SET value = excluded.value",
        value_lists(rows.len(), 3)
    );
    let values = rows.iter().flat_map(|(cell, unit, value)| -> [Value; 3] { [(*cell).into(), (*unit).into(), value.clone().into()] });
    sql::run(tx, &text, values.collect()).await.map(drop)
}

async fn add_presence(tx: &impl ConnectionTrait, differences: &[(i64, i64, i64)]) -> Result<(), DbErr> {
    for chunk in differences.chunks(ROWS_PER_STATEMENT) {
        let text = format!(
            "INSERT INTO presence (cell, subject, records) VALUES {} \
             ON CONFLICT (cell, subject) DO UPDATE SET records = presence.records + excluded.records",
            value_lists(chunk.len(), 3)
        );
        let values = chunk.iter().flat_map(|(cell, subject, records)| [*cell, *subject, *records].map(Value::from));
        sql::run(tx, &text, values.collect()).await?;
    }
    Ok(())
}

/// Cells without a record, with whatever hangs on them, and subjects without one.
async fn drop_empty(tx: &impl ConnectionTrait, cells: &[i64]) -> Result<(), DbErr> {
    let values = || cells.iter().copied().map(Value::from).collect::<Vec<_>>();
    let list = sql::list(1, cells.len());
    sql::run(tx, &format!("DELETE FROM presence WHERE records = 0 AND cell IN ({list})"), values()).await?;
    sql::run(tx, &format!("DELETE FROM cell WHERE records = 0 AND id IN ({list})"), values()).await.map(drop)
}

/// Forgets every figure that was counted here.
pub async fn clear(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    for table in ["presence", "measure", "cell"] {
        sql::run(tx, &format!("DELETE FROM {table}"), vec![]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tracemesh_testkit::{Place, on_both};

    use super::*;
    use crate::domain::change::Change;
    use crate::domain::contribution::Contribution;
    use crate::domain::days::Days;
    use crate::domain::recount::Cells;
    use crate::domain::version::Place as Seq;
    use crate::store::cells::{each, each_with_presence};

    on_both!(whatever_is_added_and_taken_back_leaves_what_is_in_force, a_page_ends_between_cells);

    /// The same numbers for the same seed.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }

        fn contribution(&mut self) -> Contribution {
            let mut counts = Counts { records: 1, late: self.below(2) as i64, ..Counts::default() };
            for unit in ["kg", "head", ""].iter().take(self.below(4) as usize) {
                counts.add_measure(unit, Amount::from_billionths(i128::from(self.below(3)) * 100_000_000));
            }
            let day = format!("2026-01-0{}", 1 + self.below(3)).parse().unwrap();
            let words = [format!("37060{}", self.below(2)), "FOOD".into(), "RETAIL".into(), format!("p{}", self.below(2))];
            let [area, category, class, provider] = words;
            let subject = self.below(4) as i64;
            Contribution { cell: Cell { day, area, category, class, provider }, counts, subject: (subject > 0).then_some(subject) }
        }
    }

    async fn stored(db: &impl ConnectionTrait) -> Cells {
        let mut cells = Cells::new();
        let take = |cell, counts, presence| {
            cells.insert(cell, (counts, presence));
            Ok::<_, DbErr>(())
        };
        each_with_presence(db, Days::ALL, take).await.unwrap();
        cells
    }

    fn in_force(contributions: &[Contribution]) -> Cells {
        let mut change = Change::default();
        contributions.iter().for_each(|contribution| change.add(contribution, Seq::default()));
        change.cells
    }

    async fn whatever_is_added_and_taken_back_leaves_what_is_in_force(place: Place) {
        let db = place.open("analytics", &[crate::store::MIGRATIONS]).await;
        for seed in 0..8 {
            let (mut dice, mut live) = (Dice(seed), Vec::new());
            let tx = db.begin().await.unwrap();
            clear(&tx).await.unwrap();
            tx.commit().await.unwrap();
            for _ in 0..6 {
                let mut change = Change::default();
                for _ in 0..dice.below(40) {
                    if live.is_empty() || dice.below(5) < 2 {
                        let contribution = dice.contribution();
                        change.add(&contribution, Seq::default());
                        live.push(contribution);
                    } else {
                        let gone: Contribution = live.swap_remove(dice.below(live.len() as u64) as usize);
                        change.take_back(&gone, Seq::default());
                    }
                }
                let tx = db.begin().await.unwrap();
                add(&tx, &change.cells.iter().collect::<Vec<_>>()).await.unwrap();
                tx.commit().await.unwrap();
                assert_eq!(stored(db.read()).await, in_force(&live), "seed {seed}");
            }
        }
    }

    async fn a_page_ends_between_cells(place: Place) {
        let db = place.open("analytics", &[crate::store::MIGRATIONS]).await;
        let mut dice = Dice(1);
        let of = |n: usize| {
            let mut contribution = dice.contribution();
            contribution.cell.provider = format!("p{n}");
            contribution
        };
        let all: Vec<Contribution> = (0..ROWS_PER_STATEMENT * 2 + 3).map(of).collect();
        let change = in_force(&all);
        let tx = db.begin().await.unwrap();
        add(&tx, &change.iter().collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(stored(db.read()).await, change);
        let mut days = 0;
        let one = "2026-01-02".parse().unwrap();
        let count = |cell: Cell, _| {
            assert_eq!(cell.day, one);
            days += 1;
            Ok::<_, DbErr>(())
        };
        each(db.read(), Days { first: one, last: one }, count).await.unwrap();
        assert_eq!(days, change.keys().filter(|cell| cell.day == one).count());
    }
}
