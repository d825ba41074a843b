import com.linkedin.parseq.Engine;
import com.linkedin.parseq.EngineBuilder;
import com.linkedin.r2.filter.FilterChains;
import com.linkedin.r2.filter.transport.FilterChainDispatcher;
import com.linkedin.r2.transport.common.bridge.server.TransportDispatcher;
import com.linkedin.r2.transport.http.server.HttpDispatcher;
import com.linkedin.r2.transport.http.server.HttpJettyServer;
import com.linkedin.restli.examples.RestLiIntTestServer;
import com.linkedin.restli.examples.groups.server.impl.HashGroupMembershipMgr;
import com.linkedin.restli.examples.groups.server.impl.HashMapGroupMgr;
import com.linkedin.restli.examples.groups.server.rest.impl.GroupsRestApplication;
import com.linkedin.restli.server.DelegatingTransportDispatcher;
import com.linkedin.restli.server.RestLiConfig;
import com.linkedin.restli.server.RestLiServer;
import com.linkedin.restli.server.mock.InjectMockResourceFactory;
import com.linkedin.restli.server.mock.SimpleBeanProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Starts the resources of the Rest.li integration test server on a free port of the loopback interface, as the stock
 * main class does on port 1338 of every interface, without compression and debugging pages. Prints {@code listening
 * PORT} once it answers, and ends when its standard input does, so that it never outlives the run that started it.
 */
public final class InteropServer {
  private static final String LOOPBACK = "127.0.0.1";

  private InteropServer() {}

  public static void main(String[] arguments) throws Exception {
    ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    Engine engine = new EngineBuilder().setTaskExecutor(threads).setTimerScheduler(threads).build();

    LoopbackServer server = new LoopbackServer(dispatcher(engine));
    server.start();
    System.out.println("listening " + server.localPort());

    while (System.in.read() != -1) {
      // Whatever is said to it, only the end of the conversation counts.
    }
    System.exit(0);
  }

  private static TransportDispatcher dispatcher(Engine engine) {
    RestLiConfig config = new RestLiConfig();
    config.addResourcePackageNames(RestLiIntTestServer.RESOURCE_PACKAGE_NAMES);

    HashGroupMembershipMgr memberships = new HashGroupMembershipMgr();
    SimpleBeanProvider beans =
        new SimpleBeanProvider()
            .add("GroupsRestApplication", new GroupsRestApplication(new HashMapGroupMgr(memberships), memberships));
    RestLiServer server = new RestLiServer(config, new InjectMockResourceFactory(beans), engine);
    return new FilterChainDispatcher(new DelegatingTransportDispatcher(server, server), FilterChains.empty());
  }

  /** Jetty as the service's own factory sets it up, bound to loopback and to a port that the system chooses. */
  private static final class LoopbackServer extends HttpJettyServer {
    private static final int THREADS = 32;
    private static final int ASYNC_TIMEOUT_MS = 30_000;
    private ServerConnector connector;

    LoopbackServer(TransportDispatcher dispatcher) {
      super(0, "/", THREADS, new HttpDispatcher(dispatcher), ServletType.RAP, ASYNC_TIMEOUT_MS);
    }

    @Override
    protected Connector[] getConnectors(Server server) {
      Connector[] connectors = super.getConnectors(server);
      connector = (ServerConnector) connectors[0];
      connector.setHost(LOOPBACK);
      return connectors;
    }

    int localPort() {
      return connector.getLocalPort();
    }
  }
}
