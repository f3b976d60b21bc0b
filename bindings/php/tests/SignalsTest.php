<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Tests\Support\Php;

/**
 * A signal's handler may close what is just being used, between any two steps of it: that is freed afterwards, once.
 *
 * @requires extension pcntl
 */
final class SignalsTest extends TestCase
{
    private const SECONDS = 3;

    private const FLOOD = '
        $used = null;
        pcntl_async_signals(true);
        pcntl_signal(SIGUSR1, static function () use (&$used): void {
            $used?->close();
        });
        $parent = getmypid();
        $sender = pcntl_fork();
        if ($sender === 0) {
            while (posix_getppid() === $parent) {
                posix_kill($parent, SIGUSR1);
                usleep(random_int(10, 120));
            }
            posix_kill(getmypid(), SIGKILL);
        }
        // Nobody listens there, and so each use is short.
        $make = static fn () => new Testpress\Client("http://127.0.0.1:1", ["retries" => 0]);
        $client = $make();
        $failures = [];
        for ($end = microtime(true) + %d; microtime(true) < $end;) {
            try {
                %s
            } catch (Testpress\ConnectException | Testpress\InvalidArgumentException $exception) {
                $failures[$exception::class] = true;
            }
            $used = null;
        }
        posix_kill($sender, SIGKILL);
        pcntl_waitpid($sender, $status);
        echo implode(" ", array_keys($failures));';

    /**
     * @testWith ["$used = new Testpress\\Session($client, 'ada', 'secret'); $used->token();"]
     *           ["$used = $make(); $used->login('ada', 'secret');"]
     *           ["$used = $make(); new Testpress\\Session($used, 'ada', 'secret'); $used->login('ada', 'secret');"]
     */
    public function testAHandlerCloses(string $use): void
    {
        // Memory that was freed is no good to whoever still uses it.
        $run = Php::run(sprintf(self::FLOOD, self::SECONDS, $use), [], ['MALLOC_PERTURB_' => '165']);
        self::assertSame([0, ''], [$run->status, $run->errors]);
        self::assertStringContainsString('Testpress\ConnectException', $run->output);
    }
}
