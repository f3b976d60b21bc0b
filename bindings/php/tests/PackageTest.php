<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Tests\Support\Paths;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\TemporaryDirectory;

/** The archive that ./package makes works where nothing else of libtestpress is. */
final class PackageTest extends TestCase
{
    private const SHOW = 'echo Testpress\Library::file(), " ", Testpress\Library::version(), " ",
        Testpress\Token::fromJwt("demo", "abc")->header(), " ", function_exists("Testpress\login");';

    public function testUnpackedItHasItsOwnLibrary(): void
    {
        $directory = new TemporaryDirectory();
        Php::command(['tar', '-xzf', self::make($directory), '-C', $directory->path]);
        $this->assertWorks("$directory->path/testpress", "$directory->path/testpress/autoload.php");
        self::assertFileExists("$directory->path/testpress/LICENSE-MIT");
        self::assertFileDoesNotExist("$directory->path/testpress/tests");
    }

    public function testTheSameSourcesMakeTheSameArchive(): void
    {
        [$first, $second] = [new TemporaryDirectory(), new TemporaryDirectory()];
        self::assertFileEquals(self::make($first), self::make($second));
    }

    public function testComposerInstallsIt(): void
    {
        if (Php::command(['sh', '-c', 'command -v composer'])->status !== 0) {
            self::markTestSkipped('needs composer');
        }
        [$archives, $application] = [new TemporaryDirectory(), new TemporaryDirectory()];
        self::make($archives);
        $application->write('composer.json', json_encode([
            'repositories' => [['type' => 'artifact', 'url' => $archives->path], ['packagist.org' => false]],
            'require' => ['testpress/testpress' => '^0.1'],
        ]));
        $options = ['--no-interaction', '--no-ansi', '--quiet', "--working-dir=$application->path"];
        $home = ['COMPOSER_HOME' => "$application->path/home", 'COMPOSER_ALLOW_SUPERUSER' => '1'];
        $install = Php::command(['composer', 'install', ...$options], $home);
        self::assertSame(0, $install->status, $install->output . $install->errors);
        $package = "$application->path/vendor/testpress/testpress";
        $this->assertWorks($package, "$application->path/vendor/autoload.php");
        self::assertFileExists("$package/preload.php");
    }

    private function assertWorks(string $package, string $autoload): void
    {
        $code = "require '$autoload'; require_once '$autoload';" . self::SHOW;
        $run = Php::command([PHP_BINARY, '-d', 'display_errors=stderr', '-r', $code], ['TESTPRESS_LIBRARY' => null]);
        $expected = "$package/lib/libtestpress.so.1 0.1.0 Authorization: JWT abc 1";
        self::assertSame([$expected, ''], [$run->output, $run->errors]);
    }

    private static function make(TemporaryDirectory $directory): string
    {
        Paths::repository('include/testpress.h');
        $package = Php::command([Paths::package('package'), $directory->path], ['LIBRARY' => Paths::library()]);
        self::assertSame(0, $package->status, $package->errors);
        return trim($package->output);
    }
}
