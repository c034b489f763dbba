//! The same promises on both databases.

use tracemesh_store::{Backend, ConnectionTrait, Database, DatabaseConfig, Migration, MigrationSet, StoreError, sql};
use tracemesh_testkit::{Place, on_both};

const FIRST: Migration = Migration {
    version: 1,
    name: "sheep",
    postgres: "CREATE TABLE sheep (id BIGINT PRIMARY KEY, name TEXT NOT NULL, wool BYTEA NOT NULL);",
    sqlite: "CREATE TABLE sheep (id INTEGER PRIMARY KEY, name TEXT NOT NULL, wool BLOB NOT NULL);",
};
const SHEEP: MigrationSet = MigrationSet { name: "sheep", steps: &[FIRST] };
/// Numbered from one as well: sets do not see each other.
const GOATS: MigrationSet = MigrationSet {
    name: "goats",
    steps: &[Migration {
        version: 1,
        name: "goats",
        postgres: "CREATE TABLE goat (id BIGINT PRIMARY KEY);",
        sqlite: "CREATE TABLE goat (id INTEGER PRIMARY KEY);",
    }],
};

on_both!(
    one_text_serves_both_databases,
    many_rows_go_into_one_statement,
    migrating_twice_does_nothing,
    an_altered_migration_is_refused,
    a_dropped_transaction_leaves_nothing,
    a_snapshot_sees_one_moment,
    schemas_do_not_see_each_other,
);

async fn insert(db: &impl ConnectionTrait, id: i64) -> u64 {
    let values = vec![id.into(), "多莉".into(), vec![0u8, 255].into()];
    sql::run(db, "INSERT INTO sheep (id, name, wool) VALUES ($1, $2, $3)", values).await.unwrap()
}

async fn count(db: &impl ConnectionTrait) -> i64 {
    sql::row(db, "SELECT count(*) FROM sheep", vec![]).await.unwrap().unwrap()
}

async fn one_text_serves_both_databases(place: Place) {
    let db = place.open("flock", &[SHEEP]).await;
    let tx = db.begin().await.unwrap();
    assert_eq!(insert(&tx, 7).await, 1);
    tx.commit().await.unwrap();
    let text = format!("SELECT id, name, wool FROM sheep WHERE id IN ({}) ORDER BY id", sql::list(1, 2));
    let found: Vec<(i64, String, Vec<u8>)> = sql::rows(db.read(), &text, vec![7.into(), 8.into()]).await.unwrap();
    assert_eq!(found, [(7, "多莉".to_owned(), vec![0, 255])]);
    assert_eq!(sql::row::<i64>(db.read(), "SELECT id FROM sheep WHERE id = $1", vec![9.into()]).await.unwrap(), None);
}

async fn many_rows_go_into_one_statement(place: Place) {
    let db = place.open("flock", &[SHEEP]).await;
    let tx = db.begin().await.unwrap();
    let text = format!("INSERT INTO sheep (id, name, wool) VALUES {}", sql::row_lists(&tx, 3, 3));
    let row = |id: i64| [id.into(), format!("sheep {id}").into(), vec![id as u8].into()];
    assert_eq!(sql::run(&tx, &text, (1..=3).flat_map(row).collect()).await.unwrap(), 3);
    let text = format!("SELECT id, name, wool FROM sheep WHERE id IN {} ORDER BY id", sql::row_lists(&tx, 1, 2));
    let found: Vec<(i64, String, Vec<u8>)> = sql::rows(&tx, &text, vec![2.into(), 3.into()]).await.unwrap();
    assert_eq!(found, [(2, "sheep 2".to_owned(), vec![2]), (3, "sheep 3".to_owned(), vec![3])]);
}

async fn migrating_twice_does_nothing(place: Place) {
    let db = place.open("flock", &[SHEEP, GOATS]).await;
    insert(&db.begin().await.unwrap(), 1).await;
    db.migrate(&[SHEEP, GOATS]).await.unwrap();
    let again = place.open("flock", &[GOATS, SHEEP]).await;
    let steps = sql::row::<i64>(again.read(), "SELECT count(*) FROM _migrations_goats", vec![]).await.unwrap();
    assert_eq!(steps, Some(1));
}

async fn an_altered_migration_is_refused(place: Place) {
    let db = place.open("flock", &[SHEEP]).await;
    const ALTERED: Migration = Migration { postgres: "SELECT 1;", sqlite: "SELECT 1;", ..FIRST };
    let refused = db.migrate(&[MigrationSet { steps: &[ALTERED], ..SHEEP }]).await.unwrap_err();
    assert_eq!(refused.to_string(), r#"the migrations "sheep" of flock did not run"#);
}

async fn a_dropped_transaction_leaves_nothing(place: Place) {
    let db = place.open("flock", &[SHEEP]).await;
    insert(&db.begin().await.unwrap(), 1).await;
    let tx = db.begin().await.unwrap();
    assert_eq!(count(&tx).await, 0);
    insert(&tx, 2).await;
    tx.rollback().await.unwrap();
    assert_eq!(count(db.read()).await, 0);
}

async fn a_snapshot_sees_one_moment(place: Place) {
    let db = place.open("flock", &[SHEEP]).await;
    let snapshot = db.snapshot().await.unwrap();
    assert_eq!(count(&snapshot).await, 0);
    let tx = db.begin().await.unwrap();
    insert(&tx, 1).await;
    tx.commit().await.unwrap();
    assert_eq!((count(&snapshot).await, count(db.read()).await), (0, 1));
    assert!(sql::run(&snapshot, "DELETE FROM sheep", vec![]).await.is_err(), "a snapshot does not write");
    assert!(sql::run(db.read(), "DELETE FROM sheep", vec![]).await.is_err(), "nor does what reads");
}

async fn schemas_do_not_see_each_other(place: Place) {
    let (one, other) = (place.open("flock", &[SHEEP]).await, place.open("herd", &[GOATS]).await);
    assert_eq!((one.schema(), other.schema()), ("flock", "herd"));
    assert!(sql::row::<i64>(other.read(), "SELECT id FROM sheep", vec![]).await.is_err());
    assert_eq!(one.sqlx_postgres_pool().is_some(), one.backend() == Backend::Postgres);
    one.close().await;
    assert!(one.begin().await.is_err());
    other.begin().await.unwrap();
}

#[tokio::test]
async fn a_name_that_is_no_schema_is_refused() {
    let place = Place::sqlite().await;
    for name in ["", "Flock", "flock; drop", "1flock"] {
        let refused = Database::open(&place.config("flock"), name).await.unwrap_err();
        assert!(matches!(refused, StoreError::SchemaName { .. }), "{name:?}: {refused}");
    }
    let lost = DatabaseConfig::Sqlite { path: place.folder.path().join("no/such/folder.sqlite") };
    assert_eq!(Database::open(&lost, "flock").await.unwrap_err().to_string(), "the database of flock cannot be opened");
}
