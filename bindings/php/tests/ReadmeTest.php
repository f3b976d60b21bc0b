<?php

declare(strict_types=1);

namespace Testpress\Tests;

use PHPUnit\Framework\TestCase;
use Testpress\Tests\Support\Paths;
use Testpress\Tests\Support\Php;
use Testpress\Tests\Support\Servers;
use Testpress\Tests\Support\TemporaryDirectory;

/** The README's examples of sessions, run as they stand there but for the institute and the directory. */
final class ReadmeTest extends TestCase
{
    private const CREDENTIALS = '[$username, $password] = ["testpress", "demo"];';

    private TemporaryDirectory $directory;

    protected function setUp(): void
    {
        $this->directory = new TemporaryDirectory();
    }

    public function testASession(): void
    {
        $code = self::CREDENTIALS . $this->example('## Sessions') . '
            echo json_decode(file_get_contents($session->origin() . "/api/v2.2/me/", false, $context))->username;';
        self::assertSame('testpress', self::output($code));
        self::assertNotEmpty(glob("{$this->directory->path}/testpress/*.token"));
    }

    public function testTheCommandMakesADirectoryForIt(): void
    {
        $command = self::block('### Under PHP-FPM', 'sh');
        $user = posix_getpwuid(posix_geteuid())['name'];
        $group = posix_getgrgid(posix_getegid())['name'];
        $names = ['-o www-data' => "-o $user", '-g www-data' => "-g $group"];
        $names['/var/lib/example'] = "{$this->directory->path}/example";
        self::assertSame(0, Php::command(['sh', '-ec', strtr($command, $names)])->status);
        self::assertSame('', self::output(self::CREDENTIALS . $this->example('## Sessions', '/example')));
        self::assertNotEmpty(glob("{$this->directory->path}/example/testpress/*.token"));
    }

    public function testASessionInGuzzle(): void
    {
        $code = '$session = new Testpress\Session(new Testpress\Client(getenv("INSTITUTE")), "testpress", "demo");'
            . $this->example('Both take a session') . 'echo $profile["username"];';
        self::assertSame('testpress', self::output($code));
    }

    public function testACacheServesTheNextProcess(): void
    {
        $cache = 'new Symfony\Component\Cache\Adapter\FilesystemAdapter("", 0, getenv("DIRECTORY"))';
        $first = $this->withCache($cache, 'echo example_token($cache, "testpress", "demo")->authorization();');
        self::assertStringStartsWith('JWT ey', $first);
        // No password is needed for what was kept.
        $ask = 'echo example_token($cache, "testpress", "wrong")->authorization();';
        self::assertSame($first, $this->withCache($cache, $ask));
    }

    public function testACacheGivesNoTokenThatExpires(): void
    {
        $twice = 'foreach ([1, 2] as $_) {
                $numbers[] = example_token($cache, "ada", "secret")->claims()["jti"];
            }
            echo count(array_unique($numbers)), $cache->has("testpress.jwt") ? " kept" : " not kept";';
        $cache = 'new Symfony\Component\Cache\Adapter\ArrayAdapter()';
        self::assertSame('2 not kept', $this->withCache($cache, $twice, 'lives-10s'));
        self::assertSame('1 kept', $this->withCache($cache, $twice, 'another-each-time'));
        // A cache that keeps it for longer than it was told to.
        $old = '$payload = rtrim(strtr(base64_encode(json_encode(["exp" => time() + 59])), "+/", "-_"), "=");
            $cache->set("testpress.jwt", "e30.$payload.x");';
        self::assertSame('1 kept', $this->withCache($cache, $old . $twice, 'another-each-time'));
    }

    private function withCache(string $adapter, string $code, ?string $fault = null): string
    {
        $cache = "\$cache = new Symfony\Component\Cache\Psr16Cache($adapter);";
        $environment = ['DIRECTORY' => $this->directory->path];
        if ($fault !== null) {
            $environment += ['INSTITUTE' => Servers::fault($fault), 'SSL_CERT_FILE' => Servers::faultsCa()];
        }
        return self::output($this->example('### A cache') . $cache . $code, $environment);
    }

    /** @param array<string, string> $environment */
    private static function output(string $code, array $environment = []): string
    {
        $environment += ['INSTITUTE' => Servers::institute()];
        $run = Php::run($code, ['curl.cainfo' => getenv('SSL_CERT_FILE')], $environment);
        self::assertSame('', $run->errors);
        return $run->output;
    }

    private function example(string $after, string $folder = ''): string
    {
        $names = ["'demo'" => 'getenv("INSTITUTE")', '/var/lib/example' => $this->directory->path . $folder];
        return strtr(self::block($after, 'php'), $names);
    }

    /** The first block of a language after some words of the README. */
    private static function block(string $after, string $language): string
    {
        $readme = strstr(file_get_contents(Paths::package('README.md')), "\n$after");
        self::assertSame(1, preg_match("~^```$language\n(.*?)^```$~ms", (string) $readme, $match), $after);
        return $match[1];
    }
}
