<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

/** nginx with a configuration of the test's own, in its own directory. */
final class Nginx
{
    private readonly Process $process;

    /** @param string $servers the blocks inside of http { } */
    public function __construct(private readonly TemporaryDirectory $directory, string $servers, int $port)
    {
        $path = $directory->path;
        $paths = '';
        foreach (['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'] as $kind) {
            $paths .= "{$kind}_temp_path $path/$kind;\n";
        }
        $user = posix_geteuid() === 0 ? 'user root;' : '';
        $configuration = $directory->write('nginx.conf', <<<CONF
            $user
            daemon off;
            worker_processes 1;
            pid $path/nginx.pid;
            error_log $path/nginx.log warn;
            events {}
            http {
                access_log off;
                $paths
                $servers
            }
            CONF);
        $command = ['nginx', '-c', $configuration, '-p', $path, '-e', "$path/nginx.log"];
        $this->process = new Process($command, $directory);
        $this->process->waitUntil(static fn (): bool => Ports::listens($port));
    }

    /** What it complained about. */
    public function complaints(): string
    {
        return file_get_contents($this->directory->path . '/nginx.log') . $this->process->output();
    }

    public function stop(): void
    {
        $this->process->stop();
    }
}
