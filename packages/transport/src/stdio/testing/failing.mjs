// Says why on standard error and exits with code 3.
process.stderr.write('starting\n\x1b[31merror:\x1b[0m no \x07database\u202e\nTry again: ')
process.exitCode = 3
