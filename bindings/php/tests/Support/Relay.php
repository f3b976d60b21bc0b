<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use PHPUnit\Framework\Assert;
use Testpress\Client;

/** Stands before a server with a fault, and counts the connections: its clients make one for each login. */
final class Relay
{
    public readonly string $origin;
    private readonly TemporaryDirectory $directory;
    private readonly Process $process;

    public function __construct(string $fault)
    {
        $this->directory = new TemporaryDirectory();
        [$port] = Ports::free(1);
        $this->origin = "https://localhost:$port";
        $target = (string) parse_url(Servers::fault($fault), PHP_URL_PORT);
        $book = $this->directory->write('connections', '');
        $command = [PHP_BINARY, __DIR__ . '/relay.php', (string) $port, $target, $book];
        $this->process = new Process($command, $this->directory);
        $this->process->waitUntil(static fn (): bool => Ports::listens($port));
        // That was a connection, too.
        $this->process->waitUntil(fn (): bool => $this->connections() > 0);
        file_put_contents($book, '');
    }

    /** Connections so far, and therefore logins: without retries a client keeps none for the next one. */
    public function connections(): int
    {
        clearstatcache();
        return filesize($this->directory->path . '/connections');
    }

    /** Before its directory goes. */
    public function __destruct()
    {
        $this->process->stop();
    }

    /** @param array<string, string|int> $options */
    public function client(array $options = [], ?callable $logger = null): Client
    {
        return new Client($this->origin, $options + $this->options(), $logger);
    }

    /** @return array<string, string> what Php::run gives to a process that logs in here */
    public function environment(): array
    {
        return ['ORIGIN' => $this->origin, 'OPTIONS' => json_encode($this->options(), JSON_THROW_ON_ERROR)];
    }

    /** @return array<string, string|int> */
    private function options(): array
    {
        return ['ca_file' => Servers::faultsCa(), 'retries' => 0];
    }
}
