<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

use Testpress\Client;
use Testpress\Session;

/** An institute whose tokens a test can revoke, and which tells what it was asked. */
final class TokenServer
{
    public readonly string $origin;
    private readonly TemporaryDirectory $directory;
    private readonly Process $process;

    public function __construct()
    {
        $this->directory = new TemporaryDirectory();
        foreach (['requests', 'logins', 'revoked'] as $book) {
            $this->directory->write($book, '');
        }
        [$port] = Ports::free(1);
        $this->origin = "http://127.0.0.1:$port";
        $command = [PHP_BINARY, '-q', '-S', "127.0.0.1:$port", __DIR__ . '/token-server.php'];
        $this->process = new Process($command, $this->directory, ['TOKEN_SERVER' => $this->directory->path]);
        $this->process->waitUntil(static fn (): bool => Ports::listens($port));
    }

    public function session(): Session
    {
        return new Session(new Client($this->origin, ['retries' => 0]), 'ada', 'secret');
    }

    /** From now on it accepts no token of the first logins. */
    public function revoke(int $logins): void
    {
        $this->directory->write('revoked', (string) $logins);
    }

    public function refuseLogins(): void
    {
        $this->directory->write('refuse-logins', '');
    }

    /** @return list<string> METHOD PATH [AUTHORIZATION] of each request so far, logins included */
    public function requests(): array
    {
        return file($this->directory->path . '/requests', FILE_IGNORE_NEW_LINES);
    }

    public function stop(): void
    {
        $this->process->stop();
    }
}
