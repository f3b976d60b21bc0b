<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use PHPUnit\Framework\Assert;

/** A server that runs beside a test, and is stopped with it. */
final class Process
{
    /** @var resource */
    private $process;

    private readonly string $log;

    /**
     * @param list<string> $command
     * @param array<string, string> $environment
     */
    public function __construct(array $command, TemporaryDirectory $directory, array $environment = [])
    {
        $this->log = "$directory->path/" . basename($command[0]) . '.out';
        $streams = [['file', '/dev/null', 'r'], ['file', $this->log, 'a'], ['file', $this->log, 'a']];
        // However this process ends, the server ends with it.
        $command = ['setpriv', '--pdeathsig', 'TERM', ...$command];
        $this->process = proc_open($command, $streams, $pipes, $directory->path, $environment + getenv());
    }

    /** Waits until $ready is true, at most ten seconds. */
    public function waitUntil(\Closure $ready): void
    {
        for ($tries = 0; !$ready(); $tries++) {
            if ($tries > 1000 || !proc_get_status($this->process)['running']) {
                Assert::fail("the server did not start:\n" . $this->output());
            }
            usleep(10_000);
        }
    }

    public function output(): string
    {
        return file_get_contents($this->log);
    }

    public function stop(): void
    {
        if (is_resource($this->process)) {
            proc_terminate($this->process);
            proc_close($this->process);
        }
    }

    public function __destruct()
    {
        $this->stop();
    }
}
