/** An answer other than success, under S3's own code. */
export class S3Error extends Error {
  constructor(readonly code: string, readonly status: number, message: string) {
    super(message);
    this.name = code;
  }
}

export const noSuchKey = () => new S3Error('NoSuchKey', 404, 'The specified key does not exist.');
export const noSuchBucket = () => new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist');
export const noSuchUpload = () => new S3Error('NoSuchUpload', 404, 'The specified upload does not exist.');
export const invalidArgument = (message: string) => new S3Error('InvalidArgument', 400, message);
export const preconditionFailed = () =>
  new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');
