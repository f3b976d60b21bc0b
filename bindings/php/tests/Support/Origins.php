<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

/**
 * Real servers on several origins, two of them with TLS. Each page tells the Authorization header it was asked with;
 * /redirect/CODE?ADDRESS sends the client to an address.
 */
final class Origins
{
    private readonly TemporaryDirectory $directory;
    private readonly Nginx $nginx;
    public readonly string $authority;

    /** @var list<int> */
    private readonly array $ports;

    public function __construct()
    {
        $this->directory = new TemporaryDirectory();
        $certificate = new Certificate($this->directory);
        $this->authority = $certificate->file;
        $this->ports = Ports::free(3);
        $pages = 'location / { default_type text/plain; return 200 "[$http_authorization]"; }';
        foreach ([301, 302, 303, 307, 308] as $code) {
            $pages .= " location /redirect/$code { return $code \$args; }";
        }
        $tls = "ssl_certificate $certificate->file; ssl_certificate_key $certificate->key;";
        [$one, $other, $plain] = $this->ports;
        $servers = "server { listen 127.0.0.1:$one ssl; $tls $pages }\n"
            . "server { listen 127.0.0.1:$other ssl; $tls $pages }\n"
            . "server { listen 127.0.0.1:$plain; $pages }\n";
        $this->nginx = new Nginx($this->directory, $servers, $one);
    }

    /** Where the token belongs to. */
    public function own(string $path = ''): string
    {
        return "https://localhost:{$this->ports[0]}$path";
    }

    /** @return array<string, string> other origins: by what they differ in */
    public function others(): array
    {
        return [
            'port' => "https://localhost:{$this->ports[1]}/",
            'host' => "https://127.0.0.1:{$this->ports[0]}/",
            'scheme' => "http://localhost:{$this->ports[2]}/",
        ];
    }

    public function stop(): void
    {
        $this->nginx->stop();
    }
}
