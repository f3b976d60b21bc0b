<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Tests\Support\Fpm;
use Testpress\Tests\Support\Growth;
use Testpress\Tests\Support\Servers;

/** Real PHP-FPM with opcache behind real nginx, under its default ffi.enable=preload. */
final class FpmTest extends TestCase
{
    protected function setUp(): void
    {
        Fpm::needs(Fpm::program(), 'nginx');
    }

    public function testWithoutPreloadingThePageHasTheLinesThatAreMissing(): void
    {
        $fpm = self::start("opcache.enable=1\n");
        $user = Fpm::user();
        $expected = "FFI is for preloaded code only (ffi.enable=preload), and this package was not preloaded. Please "
            . "add this to {$fpm->directory->path}/php.ini:\n    opcache.enable=1\n    opcache.preload="
            . "{$fpm->directory->path}/preload.php\n    opcache.preload_user=$user\nand restart PHP-FPM.";
        $this->assertOff($expected, $fpm);
    }

    public function testTheMissingLinesAreTheFix(): void
    {
        $fpm = self::start("opcache.enable=1\n");
        preg_match_all('~^    (\S+=\S+)$~m', json_decode($fpm->get()[1], true)['message'], $lines);
        self::assertCount(3, $lines[1]);
        $this->assertServes(3, self::start(implode("\n", $lines[1]) . "\n"));
    }

    public function testSwitchedOff(): void
    {
        $fpm = self::start("ffi.enable=0\n");
        $message = json_decode($fpm->get()[1], true)['message'];
        self::assertStringStartsWith('FFI is switched off (ffi.enable=0). ', $message);
        $lines = "\n    ffi.enable=preload\n    opcache.enable=1\n    opcache.preload=";
        self::assertStringContainsString($lines, $message);
    }

    public function testWhenSomethingElseIsPreloadedTheMessageNamesTheFile(): void
    {
        $fpm = self::start(self::preloading('DIRECTORY/own.php'), ['own.php' => '<?php']);
        $own = $fpm->directory->path . '/own.php';
        $message = json_decode($fpm->get()[1], true)['message'];
        $line = "require '{$fpm->directory->path}/preload.php';";
        self::assertStringContainsString("add this to $own, which opcache.preload names:\n    $line\n", $message);
        $this->assertServes(3, self::start(self::preloading('DIRECTORY/own.php'), ['own.php' => "<?php\n$line\n"]));
    }

    public function testWithOpcacheOffTheMessageSaysSo(): void
    {
        $fpm = self::start(str_replace('enable=1', 'enable=0', self::preloading('DIRECTORY/preload.php')));
        $message = json_decode($fpm->get()[1], true)['message'];
        self::assertStringContainsString("\n    opcache.enable=1\n", $message);
        self::assertStringContainsString('error log', $message);
    }

    public function testFfiForEveryScriptNeedsNoPreloading(): void
    {
        $this->assertServes(3, self::start("ffi.enable=1\nopcache.enable=0\n"));
    }

    public function testFfiForEveryScriptOfOnePool(): void
    {
        $this->assertServes(3, self::start("opcache.enable=1\n", [], 'php_admin_value[ffi.enable]=true'));
    }

    public function testManyRequestsLeaveNoErrorAndNoMemory(): void
    {
        $fpm = self::start(self::preloading('DIRECTORY/preload.php'));
        $this->assertServes((int) (getenv('TESTPRESS_FPM_REQUESTS') ?: 200), $fpm, ['', 'log']);
    }

    public function testFatalErrorsLeaveNoMemoryAndNoConnection(): void
    {
        $fpm = self::start(self::preloading('DIRECTORY/preload.php'));
        $this->assertServes(150, $fpm, ['fatal', 'fatal&log']);
    }

    /** @param array<string, string> $files */
    private static function start(string $settings, array $files = [], string $pool = ''): Fpm
    {
        Servers::institute();
        return new Fpm($settings, $files, $pool);
    }

    private static function preloading(string $file): string
    {
        return "opcache.enable=1\nopcache.preload=$file\nopcache.preload_user=" . Fpm::user() . "\n";
    }

    private function assertOff(string $message, Fpm $fpm): void
    {
        [$status, $page] = $fpm->get();
        self::assertSame(500, $status);
        self::assertSame(['reason' => 'ffi-off', 'message' => $message], json_decode($page, true));
        self::assertSame('', $fpm->complaints());
    }

    /**
     * One request for each worker at a time.
     *
     * @param list<string> $queries taken in turn
     */
    private function assertServes(int $requests, Fpm $fpm, array $queries = ['']): void
    {
        $sizes = [];
        for ($sent = 0; $sent < $requests; $sent += Fpm::WORKERS) {
            $query = $queries[$sent % count($queries)];
            foreach ($fpm->together(array_fill(0, Fpm::WORKERS, $query)) as [$status, $page]) {
                $page = json_decode($page, true);
                self::assertSame([200, 'testpress'], [$status, $page['username']]);
                $sizes[$page['worker']][] = [$page['kilobytes'], $page['descriptors']];
            }
        }
        Growth::assertNone($sizes);
        self::assertSame('', $fpm->complaints());
    }
}
