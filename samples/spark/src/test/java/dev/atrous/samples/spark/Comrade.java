package dev.atrous.samples.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * In place of a training's worker: meets all others of its list, and writes down who it is. On its
 * first try, worker 1 then fails, and the others wait without end.
 */
final class Comrade {
  private Comrade() {}

  /** Arguments: those of {@code train} that say who it is. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> given = List.of(args);
    Path output = Path.of(given.get(given.indexOf("--output") + 1));
    int rank = Integer.parseInt(given.get(given.indexOf("--rank") + 1));
    List<String> hosts = Files.readAllLines(Path.of(given.get(given.indexOf("--hosts") + 1)));
    boolean resumes = given.contains("--resume");
    meet(hosts, rank);
    Files.writeString(
        output.resolve((resumes ? "second-" : "first-") + rank),
        ProcessHandle.current().pid() + " " + String.join(" ", args));
    if (!resumes) {
      if (rank == 1) {
        Files.createFile(output.resolve("checkpoint"));
        System.err.println("error: the disk is full.");
        System.exit(1);
      }
      Thread.sleep(600_000);
    }
  }

  private static void meet(List<String> hosts, int rank) throws IOException, InterruptedException {
    try (ServerSocket own = new ServerSocket(port(hosts, rank), 10, InetAddress.getByName(null))) {
      for (int other = 0; other < hosts.size(); other++) {
        if (other != rank) {
          connect(hosts.get(other).split(":", 2)[0], port(hosts, other));
        }
      }
      for (int other = 1; other < hosts.size(); other++) {
        own.accept().close();
      }
    }
  }

  private static int port(List<String> hosts, int rank) {
    return Integer.parseInt(hosts.get(rank).split(":", 2)[1]);
  }

  private static void connect(String host, int port) throws InterruptedException {
    while (true) {
      try {
        new Socket(host, port).close();
        return;
      } catch (IOException e) {
        Thread.sleep(20); // it has not begun yet
      }
    }
  }
}
