package in.testpress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A server that takes connections and never answers; tests learn of each. */
final class StalledServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 2000, InetAddress.getLoopbackAddress());
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
    private final Semaphore arrived = new Semaphore(0);

    StalledServer() throws IOException {
        Thread acceptor = new Thread(this::accept, "stalled-server");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        try {
            while (true) {
                connections.add(listener.accept());
                arrived.release();
            }
        } catch (IOException closed) {
            connections.forEach(StalledServer::close);
        }
    }

    String origin() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** Waits until that many more logins have connected. */
    void awaitLogins(int count) throws InterruptedException {
        if (!arrived.tryAcquire(count, 60, TimeUnit.SECONDS)) {
            throw new AssertionError("only " + arrived.availablePermits() + " of " + count + " logins arrived");
        }
    }

    @Override
    public void close() {
        close(listener);
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception ignored) {
            // The other end may have gone first.
        }
    }
}
