//! The contract suite on each store; see `maillage_graph_schema::store::contract`.

mod plain {
    use maillage_graph_schema::store::contract::PlainFixture;

    maillage_graph_schema::graph_store_contract!(Some(PlainFixture));
}

mod sqlite {
    use maillage_graph_schema::store::contract::SqliteFixture;

    maillage_graph_schema::graph_store_contract!(Some(SqliteFixture::new()));
}

mod neo4j {
    use maillage_graph_schema::store::neo4j::testing::TestServer;

    maillage_graph_schema::graph_store_contract!(TestServer::take().await);
}
