/** What is wrong with an expression. Whoever knows the object and the field puts their names in front. */
export class ExpressionError extends Error {
  /** `column` counts from 1 in the text as given; a function that refuses its arguments leaves it to the evaluator. */
  constructor(readonly problem: string, readonly column?: number) {
    super(column === undefined ? problem : `${problem} (column ${column})`);
    this.name = 'ExpressionError';
  }

  at(column: number): ExpressionError {
    return this.column === undefined ? new ExpressionError(this.problem, column) : this;
  }
}
