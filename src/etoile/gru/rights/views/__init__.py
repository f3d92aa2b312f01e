"""The pages: of the person, under the link of their request; of the data protection officer, under /agents/dpo/."""
