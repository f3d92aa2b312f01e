"""The pages of what agents keep beside a case (`gru.desk`), and their parts of the page of a case."""
