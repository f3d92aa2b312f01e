from tests.gru.archive.conftest import archives as archives
