<?php

declare(strict_types=1);

namespace Testpress\Tests\Support;

/** A certificate for localhost and 127.0.0.1, which is its own authority. */
final class Certificate
{
    public readonly string $file;
    public readonly string $key;

    public function __construct(TemporaryDirectory $directory)
    {
        $settings = ['digest_alg' => 'sha256', 'x509_extensions' => 'server', 'config' => $directory->write(
            'openssl.cnf',
            "[req]\ndefault_bits=2048\ndistinguished_name=name\n[name]\n"
            . "[server]\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n",
        )];
        $key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'] + $settings);
        $request = openssl_csr_new(['commonName' => 'testpress tests'], $key, $settings);
        openssl_x509_export(openssl_csr_sign($request, null, $key, 1, $settings, random_int(1, PHP_INT_MAX)), $text);
        openssl_pkey_export($key, $secret, null, $settings);
        $this->file = $directory->write('certificate.pem', $text);
        $this->key = $directory->write('key.pem', $secret);
    }
}
