import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.BoltConnectorInternalSettings;
import org.neo4j.configuration.connectors.ConnectorPortRegister;
import org.neo4j.configuration.connectors.ConnectorType;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.io.ByteUnit;
import org.neo4j.kernel.internal.GraphDatabaseAPI;

/**
 * Neo4j Community for tests, on loopback, without authentication.
 *
 * <pre>
 * java … Server [--data FOLDER] [--port N] [--page-cache MIB] [--stop-with-stdin]
 * </pre>
 *
 * Prints {@code ready bolt://127.0.0.1:PORT} on stdout once it answers. Without {@code --data} it keeps its files in a
 * temporary folder and removes that when it stops. Stops on SIGTERM and SIGINT, and with {@code --stop-with-stdin} also
 * when its standard input ends, which the system sees to when whoever started it dies, however that happens.
 */
public final class Server {
    private static Path temporary;
    private static DatabaseManagementService service;

    public static void main(String[] arguments) throws IOException {
        Path data = null;
        int port = 0;
        long pageCacheMebibytes = 256;
        boolean stopWithStdin = false;
        var words = Arrays.asList(arguments).iterator();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "--data" -> data = Path.of(words.next()).toAbsolutePath();
                case "--port" -> port = Integer.parseInt(words.next());
                case "--page-cache" -> pageCacheMebibytes = Long.parseLong(words.next());
                case "--stop-with-stdin" -> stopWithStdin = true;
                default -> throw new IllegalArgumentException("unknown argument " + word);
            }
        }
        if (data == null) {
            temporary = Files.createTempDirectory("maillage-neo4j-");
            data = temporary;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(Server::stop));
        if (stopWithStdin) {
            var watcher = new Thread(Server::exitWhenStdinEnds);
            watcher.setDaemon(true);
            watcher.start();
        }
        try {
            System.out.println("ready bolt://127.0.0.1:" + start(data, port, pageCacheMebibytes));
        } catch (RuntimeException error) {
            // The outermost message is always the same; the cause says what it was.
            Throwable cause = error;
            while (cause.getCause() != null) cause = cause.getCause();
            System.err.println("neo4j did not start: " + cause);
            System.exit(1);
        }
    }

    /** Returns the port it listens on: the one that was asked for, or the one that the system gave for 0. */
    private static int start(Path data, int port, long pageCacheMebibytes) {
        var started = new DatabaseManagementServiceBuilder(data)
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", port))
                .setConfig(HttpConnector.enabled, false)
                .setConfig(GraphDatabaseSettings.auth_enabled, false)
                .setConfig(GraphDatabaseSettings.udc_enabled, false) // reports usage over the network
                .setConfig(GraphDatabaseSettings.pagecache_memory, ByteUnit.mebiBytes(pageCacheMebibytes))
                .setConfig(GraphDatabaseSettings.preallocate_logical_logs, false) // 256 MiB a database otherwise
                .setConfig(GraphDatabaseSettings.shutdown_transaction_end_timeout, Duration.ofSeconds(2))
                // Waited for twice at every stop, though nobody is connected any more.
                .setConfig(BoltConnectorInternalSettings.thread_pool_shutdown_wait_time, Duration.ofMillis(100))
                .build();
        synchronized (Server.class) {
            service = started;
        }
        var database = (GraphDatabaseAPI) started.database(GraphDatabaseSettings.DEFAULT_DATABASE_NAME);
        var ports = database.getDependencyResolver().resolveDependency(ConnectorPortRegister.class);
        return ports.getLocalAddress(ConnectorType.BOLT).getPort();
    }

    private static void exitWhenStdinEnds() {
        try {
            while (System.in.read() != -1) {}
        } catch (IOException unreadable) {
            // The same as its end.
        }
        System.exit(0);
    }

    private static void stop() {
        synchronized (Server.class) {
            if (service != null) service.shutdown();
        }
        if (temporary == null) return;
        try (var paths = Files.walk(temporary)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException gone) {
            // A start that was cut short may still write there; what is left is in the system's temporary folder.
        }
    }
}
