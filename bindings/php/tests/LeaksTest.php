<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Tests\Support\Paths;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\Servers;
use Testpress\Tests\Support\TemporaryDirectory;

/**
 * A long-lived process stays as big as it is. TESTPRESS_LEAK_CYCLES says how often each is done; run-tests --soak takes
 * 10,000.
 */
final class LeaksTest extends TestCase
{
    private const CYCLES = 1000;

    /** How much a process may grow between a tenth of its cycles and their end: of 10,000, 50 bytes each would show. */
    private const KILOBYTES = 384;

    private const LOOP = '
        $size = static function (): array {
            preg_match("/VmRSS:\s+(\d+)/", file_get_contents("/proc/self/status"), $match);
            return [(int) $match[1], count(scandir("/proc/self/fd"))];
        };
        $cycles = (int) getenv("CYCLES");
        // The first time it takes some itself.
        $settled = $size();
        for ($cycle = 0; $cycle < $cycles; $cycle++) {
            try {
                %s
            } catch (Testpress\TestpressException $exception) {
                $failed = $exception->statusName();
            }
            if ($cycle === intdiv($cycles, 10)) {
                $settled = $size();
            }
        }
        [$kilobytes, $descriptors] = $size();
        echo json_encode([
            "kilobytes" => $kilobytes - $settled[0],
            "descriptors" => $descriptors - $settled[1],
            "status" => $failed ?? "TP_OK",
        ]);';

    /** @dataProvider loops */
    public function testMemoryIsFlat(string $server, string $code, string $status): void
    {
        $cycles = (int) (getenv('TESTPRESS_LEAK_CYCLES') ?: self::CYCLES);
        $directory = new TemporaryDirectory();
        $run = Php::run(sprintf(self::LOOP, $code), [], [
            'CYCLES' => (string) $cycles,
            'ORIGIN' => Servers::fault($server),
            'CA' => Servers::faultsCa(),
            'STORE' => "file:$directory->path/store",
        ]);
        self::assertSame('', $run->errors);
        $result = json_decode($run->output, true);
        self::assertSame($status, $result['status']);
        self::assertLessThan(self::KILOBYTES, $result['kilobytes'], "kilobytes after $cycles cycles");
        self::assertSame(0, $result['descriptors']);
        if (getenv('TESTPRESS_LEAK_CYCLES') !== false) {
            fprintf(STDOUT, "PHP, %s: %d cycles, %+d kB\n", $this->dataName(), $cycles, $result['kilobytes']);
        }
    }

    /** @return iterable<string, array{string, string, string}> */
    public static function loops(): iterable
    {
        $client = '$client = new Testpress\Client(getenv("ORIGIN"), ["ca_file" => getenv("CA")]';
        $login = '$token = $client->login("testpress", "demo");';
        yield 'clients' => ['ok', "$client);", 'TP_OK'];
        yield 'logins' => ['ok', "$client); $login \$client->close();", 'TP_OK'];
        yield 'logins that are rejected' => ['rejected', "$client); $login", 'TP_E_REJECTED'];
        yield 'logins with a logger' => ['ok', "$client, fn () => null, 'debug'); $login", 'TP_OK'];
        yield 'timeouts' => ['silent-after-request', "$client); \$client->login('a', 'b', 0.001);", 'TP_E_TIMEOUT'];
        yield 'refused arguments' => ['ok', "$client + ['no_such' => 1]);", 'TP_E_INVALID_ARGUMENT'];
        $session = '$session = new Testpress\Session($client, "ada", "secret"); ';
        $ask = "$session \$token = \$session->token(); \$session->header(); \$session->close();";
        yield 'sessions' => ['ok', "$client); $ask", 'TP_OK'];
        yield 'sessions with a store' => ['ok', "$client + ['store' => getenv('STORE')]); $ask", 'TP_OK'];
        $reject = "$session \$session->reject(\$session->token()); \$session->reject(\$session->token());";
        yield 'rejected tokens' => ['ok', "$client); $reject \$session->token();", 'TP_OK'];
        yield 'sessions that are refused' => ['rejected', "$client); $session \$session->token();", 'TP_E_REJECTED'];
        $getters = '$token->header(); $token->claims(); $token->origin(); $token->expiresAt(); print_r($token, true);';
        yield 'tokens' => ['ok', "\$token = Testpress\Token::fromJwt('demo', 'a.e30.c'); $getters", 'TP_OK'];
        $copy = 'try { clone $token; } catch (LogicException) { }';
        yield 'refused copies' => ['ok', "\$token = Testpress\Token::fromJwt('demo', 'abc'); $copy", 'TP_OK'];
    }

    public function testValgrindFindsNothing(): void
    {
        self::assertSame('logged in, logged in, two tokens, rejected, refused', self::underValgrind('
            $options = ["ca_file" => getenv("CA")];
            foreach (["first", "second"] as $_) {
                $client = new Testpress\Client(getenv("OK"), $options, fn () => null, "debug");
                echo strlen($client->login("testpress", "demo")->jwt()) > 0 ? "logged in, " : "";
            }
            $session = new Testpress\Session($client, "testpress", "demo");
            $session->reject($session->token());
            echo strlen($session->header()) > 0 ? "two tokens, " : "";
            try {
                (new Testpress\Client(getenv("REJECTED"), $options))->login("testpress", "demo");
            } catch (Testpress\RejectedException $exception) {
                echo "rejected, ";
            }
            try {
                new Testpress\Client("demo", ["timeout_ms" => 5000, "no_such" => 1]);
            } catch (Testpress\InvalidArgumentException $exception) {
                echo "refused";
            }
        '));
    }

    /**
     * @requires extension pcntl
     * @testWith ["$client->login('testpress', 'demo')"]
     *           ["$session->token()"]
     */
    public function testASignalThatThrowsAwayALoginLeavesNothing(string $login): void
    {
        self::assertSame('the signal', self::underValgrind('
            pcntl_async_signals(true);
            pcntl_signal(SIGALRM, fn () => throw new RuntimeException("the signal"));
            $client = new Testpress\Client(getenv("SLOW"), ["ca_file" => getenv("CA")]);
            $session = new Testpress\Session($client, "testpress", "demo");
            pcntl_alarm(1);
            try {
                $token = ' . $login . ';
            } catch (RuntimeException $exception) {
                echo $exception->getMessage();
            }
        '));
    }

    /** What the code prints. Fails for an error, or for memory that was lost. */
    private static function underValgrind(string $code): string
    {
        if (Php::command(['sh', '-c', 'command -v valgrind'])->status !== 0) {
            self::markTestSkipped('needs valgrind');
        }
        $suppressions = Paths::repository('tests/c/valgrind.supp');
        // What the library keeps for the process, such as its list of sessions, hangs on pointers that valgrind doubts.
        $kinds = ['--show-leak-kinds=definite,indirect', '--errors-for-leak-kinds=definite,indirect'];
        $valgrind = ['valgrind', '-q', '--error-exitcode=99', '--leak-check=full', ...$kinds];
        $valgrind[] = "--suppressions=$suppressions";
        $run = Php::run($code, ['pcre.jit' => '0'], [
            // valgrind doesn't know PHP's own allocator.
            'USE_ZEND_ALLOC' => '0',
            // Before it was stripped: the suppressions name functions.
            'TESTPRESS_LIBRARY' => Paths::repository('target/dist/debug/libtestpress.so.1'),
            'OK' => Servers::fault('ok'),
            'REJECTED' => Servers::fault('rejected'),
            'SLOW' => Servers::fault('slow-drip'),
            'CA' => Servers::faultsCa(),
        ], [], $valgrind);
        self::assertSame(['', 0], [$run->errors, $run->status]);
        return $run->output;
    }
}
