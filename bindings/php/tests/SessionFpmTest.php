<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Tests\Support\Fpm;
use Testpress\Tests\Support\Growth;
use Testpress\Tests\Support\Relay;
use Testpress\Tests\Support\Servers;

/** Sessions in real PHP-FPM: with store=file one login serves the page views of a token's whole life. */
final class SessionFpmTest extends TestCase
{
    private const LIFETIMES = 3;

    private Relay $relay;

    protected function setUp(): void
    {
        Fpm::needs(Fpm::program(), 'nginx');
        $this->relay = new Relay('lives-2s');
    }

    /** TESTPRESS_FPM_VIEWS says how many; run-tests --soak takes 10,000. */
    public function testAsManyLoginsAsLifetimes(): void
    {
        $fpm = $this->start('file:DIRECTORY/application/testpress');
        $views = (int) (getenv('TESTPRESS_FPM_VIEWS') ?: 300);
        $start = hrtime(true);
        [$tokens, $sizes] = [[], []];
        for ($seen = 0; $seen < $views || count($tokens) <= self::LIFETIMES; $seen += Fpm::WORKERS) {
            foreach (self::pages($fpm, ['', '', 'fatal']) as $page) {
                self::assertSame([], $page['heard']);
                self::assertGreaterThanOrEqual(0, $page['seconds'], 'seconds that a token has left');
                $tokens[$page['token']] = true;
                $sizes[$page['worker']][] = [$page['kilobytes'], $page['descriptors']];
            }
        }
        $seconds = (hrtime(true) - $start) / 1e9;
        self::assertCount($this->relay->connections(), $tokens, 'tokens for as many logins');
        // A token's life is two seconds by a clock of whole ones.
        self::assertLessThanOrEqual($seconds + 2, count($tokens), "logins in $seconds seconds");
        Growth::assertNone($sizes);
        self::assertSame('', $fpm->complaints());
        if (getenv('TESTPRESS_FPM_VIEWS') !== false) {
            fprintf(STDOUT, "PHP-FPM: %d page views in %.0f s, %d logins\n", $seen, $seconds, count($tokens));
        }
    }

    public function testInMemoryATokenEndsWithItsPageView(): void
    {
        $fpm = $this->start('memory');
        $tokens = [];
        for ($seen = 0; $seen < 3; $seen++) {
            $tokens[] = self::pages($fpm, [''])[0]['token'];
        }
        self::assertCount(3, array_unique($tokens));
        self::assertSame(3, $this->relay->connections());
    }

    private function start(string $store): Fpm
    {
        $user = Fpm::user();
        $settings = "opcache.enable=1\nopcache.preload=DIRECTORY/preload.php\nopcache.preload_user=$user\n";
        $authority = ['faults.pem' => file_get_contents(Servers::faultsCa())];
        $pool = "env[ORIGIN]={$this->relay->origin}\nenv[STORE]=$store";
        $fpm = new Fpm($settings, $authority, $pool, 'session-page.php');
        $application = $fpm->directory->path . '/application';
        mkdir($application, 0700);
        chown($application, $user);
        return $fpm;
    }

    /**
     * @param list<string> $queries
     * @return list<array<string, mixed>>
     */
    private static function pages(Fpm $fpm, array $queries): array
    {
        return array_map(static function (array $answer): array {
            self::assertSame(200, $answer[0], $answer[1]);
            return json_decode($answer[1], true, 512, JSON_THROW_ON_ERROR);
        }, $fpm->together($queries));
    }
}
