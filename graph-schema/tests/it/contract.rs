//! The contract suite on each store; see `maillage_graph_schema::store::contract`.

mod plain {
    use maillage_graph_schema::store::contract::PlainFixture;

    maillage_graph_schema::graph_store_contract!(PlainFixture);
}

mod sqlite {
    use maillage_graph_schema::store::contract::SqliteFixture;

    maillage_graph_schema::graph_store_contract!(SqliteFixture::new());
}
