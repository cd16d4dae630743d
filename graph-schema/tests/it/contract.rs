//! The contract suite on each store; see `maillage_graph_schema::store::contract`.

use maillage_graph_schema::store::contract::{SqliteFixture, passes_through, run};
use maillage_graph_schema::store::neo4j::testing::TestServer;

#[test]
fn a_graph_passes_from_sqlite_to_neo4j_and_back() {
    run(async {
        if let Some(server) = TestServer::take().await {
            passes_through(&SqliteFixture::new(), &server).await;
        }
    });
}

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
